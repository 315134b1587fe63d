"""Real editors that have only an LSP client produce tracked time: what editors/README.md says, done.

Each is started in a terminal of its own in a home of its own, with the config that the page gives, read from the page.
It is started by `run`, which sees to it that the editors are there. The last line counts: "N passed, N failed".
"""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent.parent / "editors" / "README.md"
HOST = Path(os.environ["KEEPTAB_BIN"]).resolve()

CONFIG = """
[business]
name = "Jane Doe Software"
org = "JDS"
currency = "EUR"
time_zone = "Etc/UTC"

[tracking]
absorb = "0s"

[client.acme]
name = "Acme Co"

[project."acme/api"]
client = "acme"
name = "API development"
rate = "100.00"
paths = ["~/work/acme/api/**"]
"""
# A word that must never leave the editor for the disk of the host.
SECRET = "xyzzyplugh"
# Seconds of typing.
WORK = 6


def wait(what, condition, seconds=30):
    """Waits for a condition and returns its value."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"waited in vain for {what}")


def recipe(heading, number=0):
    """Returns the code that stands under a heading of the page."""
    part = re.split(rf"^#+ {re.escape(heading)}\n", PAGE.read_text(), flags=re.M)[1]
    return re.findall(r"^```\w*\n(.*?)^```", re.split(r"^## ", part, flags=re.M)[0], re.S | re.M)[number]


class Home:
    """Somebody's home: a project, a config, and keeptab on the path."""

    def __init__(self):
        self.path = Path(tempfile.mkdtemp(prefix="keeptab-"))
        self.write("work/acme/api/.git/HEAD", "ref: refs/heads/main\n")
        self.write("work/acme/api/main.rs", "fn main() {}\n")
        self.write(".config/keeptab/keeptab.toml", CONFIG)
        (self.path / "bin").mkdir()
        (self.path / "bin/keeptab").symlink_to(HOST)
        self.env = {
            "HOME": str(self.path),
            "PATH": f"{self.path}/bin:/usr/bin:/bin",
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
        }

    def write(self, name, text):
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def keeptab(self, *words):
        done = subprocess.run([HOST, *words], env=self.env, capture_output=True, text=True, timeout=20, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def seconds(self, project):
        rows = self.keeptab("report", "--all", "--json")["rows"]
        return sum(row["seconds"] for row in rows if row["project"] == project)

    def events(self):
        checks = self.keeptab("doctor", "--json")
        return next(check["events"] for check in checks if check["what"] == "database")

    def hosts(self):
        """Returns the processes that run this home's host."""
        own = str(self.path / "bin/keeptab").encode()
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                environment = (process / "environ").read_bytes()
                line = (process / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            is_ours = f"HOME={self.path}\0".encode() in environment
            if is_ours and line[1:2] == [b"lsp"] and line[0] in (own, b"keeptab"):
                found.append(int(process.name))
        return found


class Terminal:
    """An editor on a terminal, with a person at its keys."""

    def __init__(self, home, command):
        self.socket = home.path.name
        quoted = " ".join(f"'{word}'" for word in command)
        # The shell becomes the editor, so that its process is the pane's.
        line = f"cd ~/work/acme/api && exec env -u TMUX {quoted}"
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "30", f"sh -c \"{line}\"", env=home.env)
        self.process = int(self.tmux("list-panes", "-F", "#{pane_pid}").strip())

    def tmux(self, *words, env=None, check=True):
        done = subprocess.run(
            ["tmux", "-L", self.socket, *words],
            capture_output=True,
            text=True,
            check=False,
            env=env or {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        )
        assert done.returncode == 0 or not check, done.stderr
        return done.stdout

    def press(self, *keys):
        self.tmux("send-keys", *keys)

    def type(self, text):
        """Types as people do, and returns when the first and the last key were pressed."""
        first = time.time()
        for letter in text:
            self.tmux("send-keys", "-l", letter)
            time.sleep(0.08)
        return first, time.time()

    def screen(self):
        return self.tmux("capture-pane", "-p", check=False)

    def is_alive(self):
        return Path(f"/proc/{self.process}").exists()

    def end(self):
        """Takes the terminal away, and the editor with it: one that is just starting does not hear of that."""
        self.tmux("kill-server", check=False)
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)


class Editor:
    """How one editor is configured, driven and left."""

    def __init__(self, name, heading, command, prepare, insert=(), normal=(), inserting=None, save=(), leave=()):
        self.name = name
        self.heading = heading
        self.command = command
        self.prepare = prepare
        self.insert = insert
        self.normal = normal
        # What the screen says while keys are text.
        self.inserting = inserting
        self.save = save
        self.leave = leave

    def open(self, home, file="main.rs"):
        self.prepare(home)
        terminal = Terminal(home, [*self.command, file])
        try:
            if file == "main.rs":
                # The document that was opened is the first heartbeat.
                wait("the host to hear of the file", lambda: home.events() >= 1, 60)
            else:
                # What is keeptab's own is no work.
                wait("the host", home.hosts, 60)
        except AssertionError as problem:
            shown = terminal.screen()
            terminal.end()
            raise AssertionError(f"{problem}\n{shown}") from problem
        return terminal

    def work(self, terminal, seconds):
        """Types for some seconds at the end of the file, saves, and returns the seconds from first to last key."""
        self.begin(terminal)
        first, last = terminal.type(f"// {SECRET} ")
        while last - first < seconds:
            last = terminal.type("more words and ")[1]
        self.store(terminal)
        return last - first

    def begin(self, terminal):
        """Goes to the end of the file, where keys are text from now on."""
        for key in self.insert:
            terminal.press(key)
        if self.inserting:
            wait("the editor to take text", lambda: self.inserting in terminal.screen(), 10)

    def store(self, terminal):
        """Saves what is in front. A key that comes with Escape in one piece is taken for Alt and that key."""
        for key in self.normal:
            terminal.press(key)
        if self.inserting:
            wait("the editor to take commands", lambda: self.inserting not in terminal.screen(), 10)
        for key in self.save:
            terminal.press(key)


def emacs_init(heading, folders):
    def prepare(home):
        loads = "".join(f'(add-to-list \'load-path "{folder}")\n' for folder in folders())
        home.write("init.el", f"{loads}(setq make-backup-files nil inhibit-startup-screen t)\n{RUST_MODE}{recipe(heading)}")

    return prepare


# Emacs 28 has no mode for Rust of its own.
RUST_MODE = "(define-derived-mode rust-mode prog-mode \"Rust\")\n(add-to-list 'auto-mode-alist '(\"\\\\.rs\\\\'\" . rust-mode))\n"


def elpa():
    return sorted(str(path) for path in Path("/usr/share/emacs/site-lisp/elpa-src").iterdir())


def helix(home):
    home.write(".config/helix/languages.toml", recipe("Helix"))
    home.write(".config/helix/config.toml", '[editor]\nauto-completion = false\n')


def ale(home):
    home.write(".vimrc", f"set nocompatible\nfiletype plugin on\npackadd! ale\n{recipe('Vim with ALE')}")


EMACS = {"insert": ["M->"], "save": ["C-x", "C-s"], "leave": ["C-x", "C-c"]}
VIM = {"insert": ["G", "o"], "normal": ["Escape"], "inserting": "-- INSERT --",
       "save": [":w", "Enter"], "leave": [":q!", "Enter"]}
EDITORS = [
    Editor("Emacs with eglot", "Emacs with eglot", ["emacs", "-nw", "-Q", "-l", "../../../init.el"],
           emacs_init("Emacs with eglot", elpa), **EMACS),
    Editor("Emacs with lsp-mode", "Emacs with lsp-mode", ["emacs", "-nw", "-Q", "-l", "../../../init.el"],
           emacs_init("Emacs with lsp-mode", elpa), **EMACS),
    Editor("Helix", "Helix", [os.environ["KEEPTAB_HELIX"]], helix,
           insert=["g", "e", "o", "C-u"], normal=["Escape"], inserting=" INS ", save=[":w", "Enter"],
           leave=[":q!", "Enter"]),
    Editor("Vim with ALE", "Vim with ALE", ["vim"], ale, **VIM),
]


def text_of(file):
    """Returns what a file holds; an editor that saves by renaming leaves a moment in which it is not there."""
    try:
        return file.read_text()
    except FileNotFoundError:
        return ""


def tracks(editor, home):
    """What is typed and saved counts, to about a second, and the text stays in the editor."""
    terminal = editor.open(home)
    try:
        worked = editor.work(terminal, WORK)
        file = home.path / "work/acme/api/main.rs"
        wait("the file to be saved", lambda: SECRET in text_of(file))
        # Clients tell of edits a moment later; the save comes last.
        wait("the time", lambda: home.seconds("acme/api") >= int(worked) - 1, 10)
        seconds = home.seconds("acme/api")
        # The file was opened before the first key.
        assert seconds <= worked + 20, f"{seconds} s of {worked:.1f} s"
        assert home.keeptab("report", "--all", "--json")["unassignedSeconds"] == 0
        for kept in (home.path / ".local/share/keeptab").rglob("*"):
            if kept.is_file():
                assert SECRET.encode() not in kept.read_bytes(), f"the text is in {kept}"
        hosts = home.hosts()
        assert len(hosts) == 1, f"hosts: {hosts}"
        for key in editor.leave:
            terminal.press(key)
        wait("the editor to end", lambda: not terminal.is_alive(), 10)
        wait("the host to end", lambda: not home.hosts(), 5)
        return f"{seconds} s tracked of {worked:.1f} s typed"
    except AssertionError as problem:
        raise AssertionError(f"{problem}\n{terminal.screen()}") from problem
    finally:
        terminal.end()


def survives(editor, home):
    """An editor that is killed leaves no host behind and loses nothing that it had told."""
    terminal = editor.open(home)
    try:
        editor.work(terminal, 2)
        wait("the file to be saved", lambda: SECRET in text_of(home.path / "work/acme/api/main.rs"))
        # Clients tell of edits a moment later than the file is there.
        wait("the host to hear of the work", lambda: home.events() > 1, 10)
        before = home.events()
        os.kill(terminal.process, signal.SIGKILL)
        wait("the host to end", lambda: not home.hosts(), 5)
        assert home.events() >= before, f"{home.events()} events after {before}"
        return f"{home.events()} events"
    finally:
        terminal.end()


def reviews(editor, home):
    """The week can be reviewed: a line that is added in the editor is applied when it is saved."""
    sheet = home.keeptab("review", "--json")["path"]
    terminal = editor.open(home, sheet)
    try:
        editor.begin(terminal)
        day = time.strftime("%a %d %b", time.gmtime())
        terminal.type(f"{day}")
        terminal.press("Enter")
        terminal.type("  +0:45  acme/api  call")
        editor.store(terminal)
        wait("the week to be applied", lambda: home.seconds("acme/api") == 45 * 60, 15)
        return "0:45 added"
    except AssertionError as problem:
        raise AssertionError(f"{problem}\n{terminal.screen()}\n{Path(sheet).read_text()}") from problem
    finally:
        terminal.end()


def main():
    wanted = sys.argv[1:]
    passed = failed = 0
    for editor in EDITORS:
        if wanted and editor.name not in wanted:
            continue
        for test in (tracks, survives, reviews):
            home = Home()
            try:
                print(f"ok    {editor.name} {test.__name__}: {test(editor, home)}", flush=True)
                passed += 1
            except Exception as problem:  # noqa: BLE001: whatever it is, the next editor is tried
                print(f"FAIL  {editor.name} {test.__name__}: {problem}", flush=True)
                failed += 1
            finally:
                for host in home.hosts():
                    os.kill(host, signal.SIGKILL)
                shutil.rmtree(home.path, ignore_errors=True)
    print(f"{passed} passed, {failed} failed")
    return failed != 0


sys.exit(main())
