"""Follows the links of every page: a file is there, and so is the heading that an anchor names."""

import re
import subprocess
import urllib.parse

# A page of the book names a file of the repository so, for the book is read elsewhere, too.
REPOSITORY = "https://github.com/keeptab/keeptab/blob/main/"

FENCE = re.compile(r"^( *)(```+).*?^\1\2$", re.M | re.S)
LINK = re.compile(r"\]\(<?([^)\s>]+)>?\)|\b(?:src|href)=\"([^\"]+)\"")


def prose(text):
    """Returns a page without its code."""
    return re.sub(r"`[^`\n]*`", "", FENCE.sub("", text))


def targets(text):
    """Returns where the links of a page lead."""
    return [first or second for first, second in LINK.findall(prose(text))]


def anchors(text):
    """Returns the anchors that GitHub and mdBook give to the headings of a page."""
    found = []
    for heading in re.findall(r"^#+ +(.+?)(?: +#+)?$", FENCE.sub("", text), re.M):
        plain = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").strip().lower()
        plain = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        again = sum(name == plain or re.fullmatch(rf"{re.escape(plain)}-\d+", name) is not None for name in found)
        found.append(f"{plain}-{again}" if again else plain)
    return found


def check(root):
    """Returns the links that lead nowhere, or None."""
    listed = subprocess.check_output(["git", "ls-files", "-co", "--exclude-standard", "*.md"], cwd=root, text=True)
    wrong = []
    for name in listed.split():
        page = root / name
        book = name.startswith("docs/src/")
        for target in targets(page.read_text()):
            if target.startswith(REPOSITORY):
                path, _, anchor = target.removeprefix(REPOSITORY).partition("#")
                file = root / path
            elif re.match(r"[a-z]+:", target):
                continue
            else:
                path, _, anchor = urllib.parse.unquote(target).partition("#")
                file = (page.parent / path).resolve() if path else page
                if book and (root / "docs" / "src").resolve() not in [file, *file.parents]:
                    wrong.append(f"{name}: {target} leaves the book; name it as {REPOSITORY}…")
            if not file.exists():
                wrong.append(f"{name}: {target} is not there")
            elif anchor and file.suffix == ".md" and anchor not in anchors(file.read_text()):
                wrong.append(f"{name}: {target} names no heading")
    return "\n".join(wrong) or None
