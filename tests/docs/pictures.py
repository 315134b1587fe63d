"""Makes the pictures of the README and the book from real runs, in a home and by a clock as the pages have them.

The moving one is Neovim with the plugin and the host in a terminal of its own: somebody types, reviews the week and issues
the invoice, whose PDF ends it. The others are the first page of that PDF and a week's dashboard in a browser.
"""

import fcntl
import io
import os
import pathlib
import pty
import re
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time

import pages
import pyte
from PIL import Image, ImageDraw, ImageFont

COLUMNS, ROWS = 88, 21
SIZE = 15
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"
# The real home, once there is one.
HOME = []
INK, PAPER = (0x24, 0x29, 0x2F), (0xFF, 0xFF, 0xFF)
NAMED = {
    "black": (0x24, 0x29, 0x2F),
    "red": (0xCF, 0x22, 0x2E),
    "green": (0x11, 0x63, 0x29),
    "brown": (0x95, 0x38, 0x00),
    "blue": (0x05, 0x50, 0xAE),
    "magenta": (0x82, 0x50, 0xDF),
    "cyan": (0x1B, 0x7C, 0x83),
    "white": (0x6E, 0x77, 0x81),
}

SOURCE = """use crate::{Error, Request, Response, Store};

/// Answers GET /orders.
pub async fn list_orders(store: &Store, request: Request) -> Result<Response, Error> {
    let caller = request.caller()?;
    let rows = store.load("orders", caller.account).await?;
    Ok(Response::json(&rows))
}
"""
TYPED = """
/// Answers GET /orders?after=…: the page that follows a cursor.
pub async fn next_page(store: &Store, request: Request) -> Result<Response, Error> {
    let page = Page::of(&request)?;
    let rows = store.after(page.cursor, page.size).await?;
    Ok(Response::json(&rows))
}
"""
WEEK = [
    "jane",
    "at 2026-11-27 11:40",
    "play 2026-11-25 09:02-10:47 acme-api-pagination",
    "play 2026-11-25 10:47-12:10 acme-dashboard-charts",
    "play 2026-11-25 13:00-14:30 acme-api-tests",
    "play 2026-11-26 09:15-11:50 acme-dashboard-charts",
    "play 2026-11-26 13:10-13:40 scratch",
    "play 2026-11-27 09:30-11:38 acme-api-pagination",
]
FULL_WEEK = [
    "jane",
    "at 2026-11-27 17:30",
    "play 2026-11-23 09:02-10:47 acme-api-pagination",
    "play 2026-11-23 10:47-12:10 acme-dashboard-charts",
    "play 2026-11-23 13:00-14:30 acme-api-tests",
    "play 2026-11-23 14:30-17:05 northwind-shop-checkout",
    "play 2026-11-24 08:55-12:20 northwind-shop-checkout",
    "play 2026-11-24 13:10-15:40 acme-api-pagination",
    "play 2026-11-24 15:40-16:30 scratch",
    "play 2026-11-25 09:15-11:50 acme-dashboard-charts",
    "play 2026-11-25 12:40-17:20 acme-api-tests",
    "play 2026-11-26 09:00-12:05 northwind-shop-checkout",
    "play 2026-11-26 14:10-16:45 acme-dashboard-charts",
    "play 2026-11-27 09:10-11:05 acme-api-pagination",
    "play 2026-11-27 11:50-12:55 northwind-shop-checkout",
    "play 2026-11-27 13:40-17:25 acme-api-tests",
    'run keeptab add acme/api 0:45 --day 2026-11-23 --note "call with Sam"',
    "run keeptab dashboard --output week.html",
]
INIT = """
filetype indent off
set noswapfile laststatus=2 noshowmode noruler noautoindent background=light
set statusline=\\ %f\\ %m%=%{get(g:,'keeptab_status','')}\\ \\ 
autocmd FileType * setlocal formatoptions-=r formatoptions-=o noautoindent nocindent nosmartindent indentexpr=
autocmd VimEnter * highlight Normal guibg=#ffffff
"""


class Terminal:
    """A terminal in which Neovim runs, and the pictures taken of it."""

    def __init__(self, words, folder):
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self.stream = pyte.ByteStream(self.screen)
        self.frames = []
        self.process, self.file = pty.fork()
        if self.process == 0:
            os.chdir(folder)
            os.execvp(words[0], words)
        fcntl.ioctl(self.file, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

    def read(self, patience):
        """Reads what the program writes until it is silent for a moment."""
        while select.select([self.file], [], [], patience)[0]:
            try:
                said = os.read(self.file, 65536)
            except OSError:
                return
            # Neovim asks what the terminal is; it goes on without an answer.
            self.stream.feed(re.sub(rb"\x1b[P_].*?\x1b\\|\x1b\[[>?=][0-9;]*[a-ln-zA-Z]|\x1b\[>[0-9;]*m", b"", said, flags=re.S))

    def wait(self, text):
        """Waits until the screen shows a text."""
        end = time.monotonic() + 30
        while not any(text in line for line in self.screen.display):
            if time.monotonic() > end:
                raise SystemExit(f"no {text!r} in:\n" + "\n".join(self.screen.display))
            self.read(0.1)
        self.read(0.3)

    def keys(self, text, step=3, pause=60):
        """Types, with a picture every few letters."""
        for at in range(0, len(text), step):
            os.write(self.file, text[at : at + step].replace("\n", "\r").encode())
            self.read(0.08)
            self.shoot(pause)

    def shoot(self, milliseconds):
        self.frames.append((draw(self.screen), milliseconds))


def colour(name, otherwise):
    """Returns a colour of the terminal: a name, or six hexadecimal digits."""
    if name == "default":
        return otherwise
    name = name.removeprefix("bright")
    if name in NAMED:
        return NAMED[name]
    return tuple(bytes.fromhex(name)) if re.fullmatch(r"[0-9a-f]{6}", name) else otherwise


FACES = {bold: ImageFont.truetype(FONT.replace(".ttf", "-Bold.ttf") if bold else FONT, SIZE) for bold in (False, True)}
WIDTH = round(FACES[False].getlength("m"))
HEIGHT = SIZE + 5
FRAME = (COLUMNS * WIDTH + 20, ROWS * HEIGHT + 20)


def shown(screen, row):
    """Returns the cells of a row, with the home that readers see in place of the real one."""
    cells = [screen.buffer[row][column] for column in range(COLUMNS)]
    text = "".join(cell.data for cell in cells)
    at = text.find(HOME[0])
    if at < 0:
        return cells
    end = at + re.match(r"[^ │]*", text[at:]).end()
    less = len(HOME[0]) - len(pages.SHOWN)
    home = [cells[at]._replace(data=letter) for letter in pages.SHOWN]
    blank = [cells[at]._replace(data=" ")] * less
    return cells[:at] + home + cells[at + len(HOME[0]) : end] + blank + cells[end:]


def draw(screen):
    picture = Image.new("RGB", FRAME, PAPER)
    pen = ImageDraw.Draw(picture)
    for row in range(ROWS):
        for column, cell in enumerate(shown(screen, row)):
            ink, paper = colour(cell.fg, INK), colour(cell.bg, PAPER)
            if cell.reverse != ((row, column) == (screen.cursor.y, screen.cursor.x)):
                ink, paper = paper, ink
            left, top = 10 + column * WIDTH, 10 + row * HEIGHT
            if paper != PAPER:
                pen.rectangle((left, top, left + WIDTH - 1, top + HEIGHT - 1), fill=paper)
            if cell.data.strip():
                pen.text((left, top + 1), cell.data, font=FACES[cell.bold], fill=ink)
    return picture


def first_page(pdf, dots):
    """Returns the first page of a PDF."""
    said = subprocess.run(["pdftoppm", "-r", str(dots), "-png", "-singlefile", pdf], stdout=subprocess.PIPE, check=True)
    return Image.open(io.BytesIO(said.stdout)).convert("RGB")


def paper(page):
    """Returns the upper part of a page, as large as a frame."""
    page = page.crop((0, 0, page.width, min(page.height, round(page.width * FRAME[1] / FRAME[0] * 1.5))))
    page.thumbnail((FRAME[0] - 40, FRAME[1] - 20))
    picture = Image.new("RGB", FRAME, (0xD8, 0xDE, 0xE4))
    picture.paste(page, ((FRAME[0] - page.width) // 2, 10))
    return picture


def moving(home, out):
    """Makes the moving picture; returns the PDF that ends it."""
    home.run("keeptab install nvim")
    source = home.folder / "work/acme/api/src/orders.rs"
    source.parent.mkdir(parents=True)
    source.write_text(SOURCE)
    (home.folder / "init.vim").write_text(INIT)
    nvim = [os.environ["KEEPTAB_NVIM"], "-u", home.folder / "init.vim", "src/orders.rs"]
    words = [str(word) for word in home.command("env", "TERM=xterm-256color", "COLORTERM=truecolor", *nvim)]
    terminal = Terminal(words, source.parent.parent)
    terminal.wait("acme/api")
    terminal.shoot(1200)
    terminal.keys("Go", step=2)
    terminal.keys(TYPED)
    terminal.keys("\x1b:w\n", step=1)
    terminal.shoot(1500)
    terminal.keys(":Keeptab review\n", step=2)
    terminal.wait("2026-W48")
    terminal.shoot(3000)
    terminal.keys("/ ?  \nl", step=2)
    terminal.shoot(800)
    terminal.keys("Cacme/api  retry with backoff\x1b", step=2)
    terminal.shoot(1200)
    terminal.keys(":w\n", step=1)
    terminal.wait("changes applied")
    terminal.shoot(3000)
    terminal.keys(":Keeptab invoice issue acme\n", step=2)
    terminal.wait("JDS-202611-0001.pdf")
    terminal.shoot(3500)
    pdf = home.folder / ".local/share/keeptab/invoices/JDS-202611-0001.pdf"
    terminal.frames.append((paper(first_page(pdf, 110)), 5000))
    os.write(terminal.file, b"\x1b:qa!\r")
    os.waitpid(terminal.process, 0)
    frames, times = zip(*terminal.frames, strict=True)
    # One palette for all: of what stands in a window with code, a list and a page.
    colours = Image.new("RGB", (FRAME[0], FRAME[1] * 2))
    colours.paste(frames[len(frames) // 2], (0, 0))
    colours.paste(frames[-2], (0, FRAME[1]))
    palette = colours.quantize(48)
    small = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    small[0].save(out, save_all=True, append_images=small[1:], duration=list(times), loop=0, optimize=True)
    return pdf


def browser(page, out):
    """Takes a picture of a page in a browser."""
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1100,745"]
    profile = f"--user-data-dir={page.parent}/chromium"
    subprocess.run(["chromium", *options, profile, f"--screenshot={out}", page.as_uri()], stderr=subprocess.DEVNULL, check=True)
    Image.open(out).convert("RGB").quantize(64, dither=Image.Dither.NONE).save(out, optimize=True)


def main(folder):
    folder = pathlib.Path(folder).resolve()
    with tempfile.TemporaryDirectory(prefix="keeptab-") as scratch:
        home = pages.Home(scratch)
        HOME[:] = [str(home.folder)]
        for scene in WEEK:
            pages.scene(home, scene)
        pdf = moving(home, folder / "first-hour.gif")
        first_page(pdf, 110).quantize(64).save(folder / "invoice.png", optimize=True)
        for scene in FULL_WEEK:
            pages.scene(home, scene)
        browser(home.folder / "week.html", folder / "dashboard.png")
    for picture in ("first-hour.gif", "invoice.png", "dashboard.png"):
        print(f"{picture}: {(folder / picture).stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1])
