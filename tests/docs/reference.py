"""Writes the list of commands from the program's own help, in its groups, and compares it with the page."""

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


def groups(text):
    """Returns the groups of commands that a help lists, each with the names in it."""
    lists = re.findall(r"^(\S.*):\n((?:  .*\n)+)", text.partition("\nOptions:")[0], re.M)
    named = [(title, re.findall(r"^  ([a-z]\S*)", lines, re.M)) for title, lines in lists if title != "Arguments"]
    return [(title, [name for name in names if name not in NOT_FOR_PEOPLE]) for title, names in named]


def overview():
    """Returns the groups of the program's commands, with links to their help."""
    parts = []
    for title, names in groups(help_of([])):
        if names:
            links = ", ".join(f"[{name}](#keeptab-{name})" for name in names)
            parts.append(f"- **{title}**: {links}")
    return "\n".join(parts) + "\n"


def written(words=()):
    """Returns the help of each command."""
    parts = []
    for name in [name for _, names in groups(help_of(words)) for name in names]:
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
    new = before + BEGIN + "\n" + "\n".join([overview(), *written()]) + "\n" + END + after
    if write:
        page.write_text(new)
    if write or new == text:
        return None
    return "".join(difflib.unified_diff(text.splitlines(True), new.splitlines(True), "the page", "the program"))
