"""Writes the list of commands from the program's own help, and compares it with the page."""

import difflib
import re
import subprocess

import pages

BEGIN, END = "<!-- from the program: begin -->\n", "<!-- from the program: end -->\n"
# Started by editors and browsers, or the help itself.
NOT_FOR_PEOPLE = {"lsp", "browser-host", "help"}


def help_of(words):
    """Returns the help of a command."""
    command = ["env", "-i", "HOME=/nonexistent", "LANG=C.UTF-8", "COLUMNS=100", pages.BINARY, *words, "--help"]
    return subprocess.check_output(command, text=True)


def commands(text):
    """Returns the names of the commands that a help lists."""
    section = re.search(r"^Commands:\n((?:  .*\n)+)", text, re.M)
    return re.findall(r"^  (\S+)", section[1], re.M) if section else []


def written(words=()):
    """Returns the part of the page that comes from the program."""
    parts = []
    for name in commands(help_of(words)):
        if name in NOT_FOR_PEOPLE:
            continue
        path = [*words, name]
        text = help_of(path)
        heading = "#" * (len(path) + 1)
        parts.append(f"{heading} keeptab {' '.join(path)}\n\n```text\n{text.rstrip()}\n```\n")
        parts += written(path)
    return parts


def check(page, write):
    """Returns how the page differs from the program, or None."""
    text = page.read_text()
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    new = before + BEGIN + "\n" + "\n".join(written()) + "\n" + END + after
    if write:
        page.write_text(new)
    if write or new == text:
        return None
    return "".join(difflib.unified_diff(text.splitlines(True), new.splitlines(True), "the page", "the program"))
