"""Writes the page of what commands print with `--json` from the program's own schema, and validates real outputs with it.

Every field has a description, and every command that has a schema is run.
"""

import difflib
import json
import os
import pathlib
import re
import subprocess
import tempfile

import jsonschema

import pages
import reference

BINARY = os.environ.get("KEEPTAB_BIN", "")
DEFINITIONS = "#/$defs/"

# Two weeks of Jane's: commands in an order that has something to say. What begins with `!` fails. A command with a schema that is
# not here is run with the examples of its help.
RUNS = """
init --name "Jane Doe" --country DE --city Berlin --currency EUR
status
start acme/api
stop
add acme/api 0:45 --day 2026-11-24 --at 14:00 --note "a call"
add acme/api 0:30 --day 2026-11-24 --at 14:40
away --day 2026-11-23
away 10:47-11:00 acme/api --day 2026-11-23
away 11:10-11:20 --break --day 2026-11-23
pause
resume
report --all
report --all --by day
review
review 2026-W48 --pdf --client acme
change +14:00-14:45 --day 2026-11-24 --note "a longer call"
undo
assign
assign work/globex acme/dashboard
explain work/acme/api/a.rs
explain --at 9:00-10:00 --day 2026-11-23
explain --config other.toml
explain --idle
client list
client add globex --name Globex --city Paris --country FR
project list
project add globex/app --client globex --rate 90
invoice start JDS-202611-0041
invoice draft acme
invoice item add acme --fee "Set-up" 250
invoice item add acme --expense "Train to Wien" 84.50 --day 2026-11-20
invoice item add acme --discount 10% --reason "as agreed"
invoice item add acme --prepaid 10
invoice item add acme --text "Thank you"
invoice item remove acme 4
invoice show acme
invoice discard acme
invoice draft northwind
invoice item add northwind --fee "Set-up" 250
invoice issue northwind
invoice list
invoice show JDS-202611-0041
invoice render JDS-202611-0041
invoice send JDS-202611-0041 --mark
invoice pay JDS-202611-0041 --amount 100
invoice write-off JDS-202611-0041 --reason "too small to ask for"
invoice write-off JDS-202611-0041 --undo
invoice note JDS-202611-0041 "rings back in May"
invoice cancel JDS-202611-0041 --lines 1
invoice list
invoice show JDS-202611-0042
invoice verify
invoice export papers
! invoice show JDS-202611-0099
! report --from 2026-11-03 --to 2026-11-01
import hours.csv --dry-run
import hours.csv --yes
import --list
import --undo 1
install nvim
install browser
doctor
backup
backup copy.db
restore copy.db
salvage --to new.db
forget work/acme/api/a.rs
forget work/acme/api/a.rs --yes
export out
export out --csv
demo
man --to pages
"""

# An export of Toggl Track's.
HOURS = """User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags
Jane,jane@example.com,Acme Co,API,,planning,Yes,2026-11-02,09:00:00,2026-11-02,10:30:00,01:30:00,
Jane,jane@example.com,Acme Co,API,,review,Yes,2026-11-03,13:00:00,2026-11-03,13:45:00,00:45:00,
Jane,jane@example.com,Globex,App,,,No,2026-11-03,13:30:00,2026-11-03,14:00:00,00:30:00,
"""


def schema():
    """Returns the schema of all commands."""
    return json.loads(subprocess.check_output([BINARY, "schema"], text=True))


def closed(whole):
    """Returns the schema with every field that it does not name refused."""
    definitions = {name: {**shape, "unevaluatedProperties": False} for name, shape in whole["$defs"].items()}
    return {**whole, "$defs": definitions}


def kind(shape):
    """Returns what a value is, in words."""
    if "$ref" in shape:
        name = shape["$ref"].removeprefix(DEFINITIONS)
        return f"[{name}](#{name.lower()})"
    if "const" in shape:
        return f"`{json.dumps(shape['const'])}`"
    if "enum" in shape:
        return ", ".join(f"`{json.dumps(value)}`" for value in shape["enum"])
    for word in ("anyOf", "oneOf"):
        if word in shape:
            return " or ".join(dict.fromkeys(kind(one) for one in shape[word]))
    if "allOf" in shape:
        return " and ".join(kind(one) for one in shape["allOf"])
    match shape.get("type"):
        case "array":
            items = shape.get("items") or {}
            return f"list of {kind(items)}" if items and items is not True else "list"
        case "string":
            return {"date": "date"}.get(shape.get("format"), "text")
        case "object":
            inner = shape.get("additionalProperties")
            if isinstance(inner, dict):
                return f"object with {kind(inner)} for each name"
            fields = ", ".join(f"`{field}`: {kind(value)}" for field, value in shape.get("properties", {}).items())
            return f"object ({fields})" if fields else "object"
        case list() as kinds:
            return " or ".join(kind({**shape, "type": one}) for one in kinds)
        case None:
            return "anything"
        case other:
            return other


def row(*cells):
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def fields(shape):
    """Returns the fields of a type: of the type itself, and of each of its forms."""
    found = [(shape, field) for field in shape.get("properties", {})]
    for word in ("allOf", "anyOf", "oneOf"):
        for form in shape.get(word, []):
            found += fields(form)
    return found


def described(whole):
    """Returns the types, each with a table of its fields."""
    parts = []
    for name, shape in sorted(whole["$defs"].items(), key=lambda item: item[0].lower()):
        about = shape.get("description", "").split("\n\n")[0].replace("\n", " ")
        part = [f"### {name}\n", f"{about}\n"]
        rows = []
        for owner, field in fields(shape):
            value = owner["properties"][field]
            may = "" if field in owner.get("required", []) else " (may be missing)"
            meaning = value.get("description") or owner.get("description", "")
            rows.append(row(f"`{field}`", kind(value) + may, meaning))
        if rows:
            part += ["| field | value | meaning |", "|---|---|---|", *dict.fromkeys(rows)]
        else:
            part.append(f"Value: {kind(shape)}.")
            consts = [form for form in shape.get("oneOf", []) if "const" in form and form.get("description")]
            part += ["", *(f"- `{json.dumps(form['const'])}`: {form['description']}" for form in consts)] if consts else []
        parts.append("\n".join(part).rstrip() + "\n")
    return "\n".join(parts)


def written(whole):
    """Returns the part of the page that comes from the program."""
    rows = [row(f"`{words}`", kind(shape)) for words, shape in whole["properties"].items() if words != "error"]
    commands = "\n".join(["| command | prints |", "|---|---|", *rows])
    failure = kind(whole["properties"]["error"])
    return (
        f"## Commands\n\n{commands}\n\nA command that fails prints {failure} and ends with a code above 0.\n\n"
        f"## Types\n\n{described(whole)}"
    )


def undescribed(whole):
    """Returns the types and fields without a description."""
    for name, shape in whole["$defs"].items():
        if not shape.get("description"):
            yield f"{name} has no description"
        for owner, field in fields(shape):
            if not (owner["properties"][field].get("description") or owner is not shape and owner.get("description")):
                yield f"{name}.{field} has no description"


def examples(commands):
    """Returns the examples of commands that RUNS does not have."""
    for name in commands:
        if name != "error" and not any(f"{words} ".startswith(f"{name} ") for words in RUNS.splitlines()):
            for line in re.findall(rf"^  keeptab ({name}\b.*)$", reference.help_of(name.split()), re.M):
                yield line.removesuffix(" --json")


def played():
    """Runs every command in a home, and returns how its output differs from the schema."""
    whole = closed(schema())
    validators = {
        words: jsonschema.Draft202012Validator({**shape, "$defs": whole["$defs"]})
        for words, shape in whole["properties"].items()
    }
    left, wrong = set(validators), []
    with tempfile.TemporaryDirectory(prefix="keeptab-answers-") as folder:
        home = pages.Home(folder)
        pages.scene(home, "jane")
        pages.scene(home, "play 2026-11-23 09:02-10:47 acme-api-pagination")
        pages.scene(home, "at 2026-11-27 17:00")
        pages.scene(home, "sign work/northwind/shop/a.rs 2026-11-24 9:00 9:08 9:15")
        pages.scene(home, "sign work/globex/a.rs 2026-11-24 10:00 10:08")
        pages.scene(home, "at 2026-11-30 09:00")
        config = home.folder / ".config" / "keeptab" / "keeptab.toml"
        (home.folder / "other.toml").write_text(config.read_text().replace("15m", "5m"))
        (home.folder / "hours.csv").write_text(HOURS)
        for line in [*RUNS.strip().splitlines(), *examples(validators)]:
            words = line.removeprefix("! ")
            command = max((name for name in validators if f"{words} ".startswith(f"{name} ")), key=len)
            if words.startswith("init"):
                # In a home of its own: this one is set up.
                said = home.run(f"KEEPTAB_HOME=fresh keeptab {words} --json")
            else:
                said = home.run(f"keeptab {words} --json")
            try:
                answer = json.loads("\n".join(said))
            except ValueError:
                wrong.append(f"keeptab {line} prints no JSON: {said[:3]}")
                continue
            name = "error" if line.startswith("! ") else command
            left.discard(name)
            if isinstance(answer, dict) and "code" in answer and name != "error":
                wrong.append(f"keeptab {line} fails: {answer}")
                continue
            errors = sorted(validators[name].iter_errors(answer), key=lambda error: list(error.absolute_path))
            wrong += [
                f"keeptab {line}: {'.'.join(map(str, error.absolute_path))}: {error.message[:300]}" for error in errors[:3]
            ]
    wrong += [f"keeptab {words} was not run" for words in sorted(left)]
    return "\n".join(wrong) or None


def check(page, write):
    """Returns how the page differs from the program, or what has no description, or None."""
    whole = schema()
    jsonschema.Draft202012Validator.check_schema(whole)
    if lacking := list(undescribed(whole)):
        return "\n".join(lacking)
    text = page.read_text()
    before, _, rest = text.partition(reference.BEGIN)
    _, _, after = rest.partition(reference.END)
    new = f"{before}{reference.BEGIN}\n{written(whole)}\n{reference.END}{after}"
    if write:
        page.write_text(new)
    if write or new == text:
        return None
    return "".join(difflib.unified_diff(text.splitlines(True), new.splitlines(True), "the page", "the program"))
