"""Checks the README and the book: commands, configs, links, and the build of the book. See `run`."""

import os
import pathlib
import subprocess
import sys
import tempfile

import answers
import links
import pages
import reference
import schema

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BOOK = ROOT / "docs" / "src"


def book():
    """Returns what mdbook says against the book, or None."""
    with tempfile.TemporaryDirectory() as out:
        command = [os.environ["KEEPTAB_MDBOOK"], "build", "--dest-dir", out, ROOT / "docs"]
        said = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if said.returncode or "WARN" in said.stdout or "ERROR" in said.stdout:
        return said.stdout
    listed = set(links.targets((BOOK / "SUMMARY.md").read_text()))
    missing = [page.name for page in BOOK.glob("*.md") if page.name not in listed | {"SUMMARY.md"}]
    return f"not in SUMMARY.md: {', '.join(missing)}" if missing else None


def manual():
    """Returns what groff says against the pages of the manual, or None."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.check_output([os.environ["KEEPTAB_BIN"], "man", "--to", folder])
        pages_of_it = sorted(pathlib.Path(folder).glob("*.1"))
        # Wrong macros, escapes and letters; how lines break depends on the release of groff.
        warnings = [f"-w{kind}" for kind in ("char", "delim", "escape", "mac", "missing", "syntax")]
        command = ["groff", "-man", "-Ww", *warnings, "-z", "-Tutf8", *pages_of_it]
        said = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if len(pages_of_it) < 40:
        return f"these are all pages: {', '.join(page.name for page in pages_of_it)}"
    return said.stdout or (f"groff ends with {said.returncode}" if said.returncode else None)


def main():
    write = "--write" in sys.argv
    named = [word for word in sys.argv[1:] if not word.startswith("--")]
    every = [ROOT / "README.md", *sorted(BOOK.glob("*.md"))]
    chosen = [page for page in every if not named or page.name in named or page.stem in named]
    checks = [(f"the commands of {page.name}", lambda page=page: pages.check(page, write)) for page in chosen]
    if not named:
        checks.append(("commands.md has the help of every command", lambda: reference.check(BOOK / "commands.md", write)))
        checks.append(("json.md has every field of --json", lambda: answers.check(BOOK / "json.md", write)))
        checks.append(("what commands print is as their schema says", answers.played))
        checks.append(("the schema is that of the program, and takes what it takes", schema.check))
        checks.append(("the manual is roff without a warning", manual))
        checks.append(("links lead somewhere", lambda: links.check(ROOT)))
        checks.append(("the book builds without a warning", book))
    passed = failed = 0
    for title, check in checks:
        try:
            wrong = check()
        except (OSError, RuntimeError, ValueError, subprocess.SubprocessError) as error:
            wrong = repr(error)
        if wrong:
            failed += 1
            print(f"FAILED: {title}\n{wrong}")
        else:
            passed += 1
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
