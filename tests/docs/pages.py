"""Runs what a page shows.

A `console` block is a transcript: `$ command`, then its output. Commands run in the page's order, in a home of its own,
and by a clock of its own. A line `…` in an output stands for any lines. A `toml` block is
a config, or a part of one, in which neither the program nor its schema finds anything wrong. An `sh` block has commands that only another suite
can run; `ELSEWHERE` names it. Comments that no reader sees set the scene, several of them with `; ` between:

    <!-- scene: at 2026-11-27 17:00 -->                                 the clock, in Berlin
    <!-- scene: play 2026-11-23 09:02-10:47 acme-api-pagination -->     a recording is played by an editor
    <!-- scene: sign work/acme/api/a.rs 2026-11-23 9:00 9:08 -->          one key in a file at each time
    <!-- scene: home -->                                                a new home
    <!-- scene: jane -->                                                a new home with Jane's config
    <!-- scene: run keeptab backup -->                                  a command that is not shown
    <!-- scene: file work/hours.csv -->                                 the next block is this file
"""

import datetime
import difflib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import editor
import schema

HERE = pathlib.Path(__file__).resolve().parent
BINARY = os.environ.get("KEEPTAB_BIN", "")
# The home that readers see.
SHOWN = "/home/jane"
START = datetime.datetime(2026, 11, 27, 17)

# Commands of `sh` blocks, by how they begin, and the suite that runs them.
ELSEWHERE = {
    "cargo run --release -- demo": "tests/demo",
    "tests/run": "itself",
    "tests/docs/run": "itself",
    "cargo install --locked --path server": "tests/run builds the same program",
    "keeptab install nvim": "server/tests/host/shell.rs",
    "(cd editors/vscode && npm ci": "tests/vscode/run",
    "keeptab install vscode": "server/tests/host/shell.rs",
    "(cd editors/browser && npm ci": "tests/browser/run",
    "keeptab install browser": "server/tests/host/browser.rs",
    "keeptab completions": "server/tests/host/shells.rs",
    "keeptab man": "server/tests/host/shells.rs",
}

FENCE = re.compile(r"^(?P<mark>```+)(?P<language>\w*)[^\n]*\n(?P<text>.*?)^(?P=mark)$", re.M | re.S)
SCENE = re.compile(r"^<!-- scene: (?P<scene>.+?) -->$", re.M)


class Home:
    """A home of its own, with a clock."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder) / "jane"
        self.clock = START
        self.new()

    def new(self, config=None):
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        # The program under its own name.
        tools = self.folder.parent / "bin"
        tools.mkdir(exist_ok=True)
        if not (tools / "keeptab").exists():
            (tools / "keeptab").symlink_to(BINARY)
        if config:
            path = self.folder / ".config" / "keeptab" / "keeptab.toml"
            path.parent.mkdir(parents=True)
            path.write_text(config)

    def command(self, *words):
        """Returns the words that run a command in this home, at its time, a second after the one before."""
        self.clock += datetime.timedelta(seconds=1)
        variables = {
            "HOME": self.folder,
            "PATH": f"{self.folder.parent / 'bin'}:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "TZ": "Europe/Berlin",
            "NO_FAKE_STAT": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }
        environment = [f"{name}={value}" for name, value in variables.items()]
        return ["env", "-i", *environment, "faketime", "-m", f"{self.clock:%Y-%m-%d %H:%M:%S}", *words]

    def run(self, line):
        done = subprocess.run(
            self.command("bash", "-c", line),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        lines = done.stdout.replace(str(self.folder), SHOWN).splitlines()
        return [line.rstrip() for line in lines]


def scene(home, words):
    """Sets a scene; returns the path of a file that the next block is, if any."""
    match words.split():
        case ["at", day, time]:
            home.clock = datetime.datetime.fromisoformat(f"{day} {time}")
        case ["home"]:
            home.new()
        case ["jane"]:
            home.new((HERE / "jane.toml").read_text())
        case ["play", day, span, recording]:
            first, last = (datetime.datetime.fromisoformat(f"{day} {time}") for time in span.split("-"))
            editor.play(home, recording, first, last)
        case ["sign", file, day, *times]:
            editor.sign(home, file, [datetime.datetime.strptime(f"{day} {time}", "%Y-%m-%d %H:%M") for time in times])
        case ["run", *_]:
            home.run(words.removeprefix("run "))
        case ["file", path]:
            return path
        case _:
            raise ValueError(f"no such scene: {words}")
    return None


def transcript(text):
    """Returns the commands of a block, each with the lines of its output."""
    commands = []
    for line in text.splitlines():
        if line.startswith("$ "):
            commands.append((line[2:], []))
        elif line.startswith("> ") and commands and not commands[-1][1] and commands[-1][0].endswith("\\"):
            commands[-1] = (f"{commands[-1][0]}\n{line[2:]}", [])
        else:
            commands[-1][1].append(line)
    return commands


def matches(shown, said):
    """Says whether an output is as it is shown; `…` stands for any lines."""
    pattern = "".join(r"(?:.*\n)*?" if line.strip() == "…" else re.escape(line) + r"\n" for line in shown)
    return re.fullmatch(pattern, "".join(line + "\n" for line in said)) is not None


def console(home, text):
    """Runs a transcript and returns it as it went."""
    went = []
    for command, shown in transcript(text):
        while shown and not shown[-1].strip():
            shown.pop()
        said = home.run(command)
        while said and not said[-1].strip():
            said.pop()
        went += ["$ " + command.replace("\n", "\n> "), *(shown if matches(shown, said) else said), ""]
    return "\n".join(went[:-1]) + "\n"


def config(home, text):
    """Returns what the program finds wrong in a config, or in a part of one."""
    whole = ""
    if "[business]" not in text:
        whole += '[business]\nname = "Jane Doe Software"\norg = "JDS"\ncurrency = "EUR"\ntime_zone = "Europe/Berlin"\n'
    for client in re.findall(r'^client = "(.+)"', text, re.M):
        if not re.search(rf"^\[client\.{re.escape(client)}\]", text, re.M):
            whole += f'[client.{client}]\nname = "{client.title()}"\ncity = "Wien"\ncountry = "AT"\n'
    if not text.lstrip().startswith(("[", "#")):
        return "a config begins with a table"
    other = Home(tempfile.mkdtemp(dir=home.folder.parent))
    other.new(whole + text)
    said = other.run("keeptab doctor")
    wrong = [line for line in said if re.match(r"\w+ +config: .*(error|warning):", line)]
    return "\n".join(wrong) or schema.Schema().wrong(whole + text)


def install(text):
    """Returns the commands of a block that no suite runs."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [line for line in lines if not any(line.startswith(begin) for begin in ELSEWHERE)]


def check(page, write):
    """Returns what a page shows and is not so, or None."""
    text = page.read_text()
    events = sorted([*FENCE.finditer(text), *SCENE.finditer(text)], key=lambda event: event.start())
    wrong = []
    changed = text
    with tempfile.TemporaryDirectory(prefix="keeptab-docs-") as folder:
        home = Home(folder)
        file = None
        for event in events:
            kinds = event.groupdict()
            if "scene" in kinds:
                for words in kinds["scene"].split("; "):
                    file = scene(home, words)
                continue
            block, language = kinds["text"], kinds["language"]
            if file:
                path = home.folder / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block)
                file = None
            elif language == "console":
                went = console(home, block)
                if went != block:
                    wrong.append("".join(difflib.unified_diff(block.splitlines(True), went.splitlines(True), "shown", "said")))
                    changed = changed.replace(kinds["mark"] + "console\n" + block, kinds["mark"] + "console\n" + went, 1)
            elif language == "toml" and (said := config(home, block)):
                wrong.append(f"{block}\n{said}")
            elif language == "sh" and (said := install(block)):
                wrong.append("no suite runs: " + "; ".join(said))
            elif not language:
                wrong.append(f"a block names no language:\n{block}")
    if write and changed != text:
        page.write_text(changed)
        return None
    return "\n".join(wrong) or None
