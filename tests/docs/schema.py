"""Validates configs with the JSON schema that the program prints, and compares the two.

The validator is jsonschema, the one that Python projects use; a validator in Rust would be dozens of crates to build for
this test alone.
"""

import datetime
import json
import os
import pathlib
import re
import subprocess
import tempfile
import tomllib

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BINARY = os.environ.get("KEEPTAB_BIN", "")
FILE = ROOT / "docs" / "src" / "keeptab.schema.json"

# Values for a key of jane.toml, and for others. The program and the schema take the same of them.
TRIED = {
    ("business", "org"): ['"JDS"', '"jds"', '"ABCDEFGHIJKLM"', "1"],
    ("business", "currency"): ['"CHF"', '"EURO"', '"eur"'],
    ("business", "country"): ['"FR"', '"XX"', '"Germany"'],
    ("business", "time_zone"): ['"Europe/Vienna"', '"UTC"', '"Vienna"'],
    ("business", "day_start"): ['"04:00"', '"4:00"', '"24:00"', '"four"', "4"],
    ("business", "week_start"): ['"sunday"', '"someday"'],
    ("business", "address"): ['"Ring 1"', '["Ring 1", "Top 2"]', "[1]", "1"],
    ("business", "payment_days"): ["0", "30", "-1", "1.5", '"30"', "4294967296"],
    ("business", "hours_per_day"): ['"7.5"', "8", "7.7", "0", "25", '"eight"'],
    ("business", "quantity_decimals"): ["0", "4", "5"],
    ("business", "formats"): ['["xrechnung", "csv"]', '"html"', '["docx"]'],
    ("business", "language"): ['"nl"', '"pl"'],
    ("business", "tax"): [
        '{ category = "S", rate = "19" }',
        '{ category = "S", rate = 7.7 }',
        '{ category = "O" }',
        '{ category = "X" }',
        '{ category = "S", rate = 101 }',
        "{ rate = 19 }",
        '"19"',
    ],
    ("business", "cash_discount"): [
        "{ days = 10, percent = 2 }",
        "{ days = 3651, percent = 2 }",
        "{ days = 10, percent = 100 }",
        "{ days = 10 }",
    ],
    ("business", "rounding"): [
        '{ increment = "15m", mode = "up", per = "day", minimum = "1h 30m" }',
        '{ increment = "a bit" }',
        '{ mode = "sideways" }',
    ],
    ("business", "electronic"): ['{ scheme = "EM", id = "jane@example.com" }', '{ scheme = "mail", id = "x" }', '{ id = "x" }'],
    ("tracking", "idle_timeout"): ['"10m"', '"1h"', "10", '"ten"'],
    ("tracking", "ignore"): ['["~/private/**"]', '"~/private/**"', "[1]"],
    ("review", "usual"): ["true", "false", '"no"'],
    ("client.acme", "name"): ['"Acme"', '" "', "1"],
    ("client.acme", "agent_time"): ['"count"', "true"],
    ('project."acme/api"', "rate"): [
        '"95.00"',
        "95",
        '[{ from = 2026-01-01, rate = "95.00" }]',
        '[{ from = "2026-01-01", rate = 95, unit = "day" }]',
        '"-95"',
        "-95",
        "[95]",
        '[{ from = 2026-01-01T10:00:00Z, rate = "95" }]',
    ],
    ('project."acme/api"', "watch"): ["true", '"human"', '"dog"', "1"],
    ('project."acme/api"', "billable"): ["false", '"no"'],
}


class Schema:
    """The schema, as the program prints it."""

    def __init__(self):
        self.text = subprocess.check_output([BINARY, "config", "schema"], text=True)
        self.json = json.loads(self.text)
        jsonschema.Draft7Validator.check_schema(self.json)
        self.validator = jsonschema.Draft7Validator(self.json)

    def wrong(self, text):
        """Returns what is wrong in a config, or None."""
        return self.wrong_in(as_json(tomllib.loads(text)))

    def wrong_in(self, config):
        errors = sorted(self.validator.iter_errors(config), key=lambda error: list(error.absolute_path))
        lines = (f"schema: {'.'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in errors)
        return "\n".join(lines) or None


def as_json(value):
    """Returns a value of TOML as editors hand it to a validator: dates and times are texts."""
    match value:
        case dict():
            return {key: as_json(inner) for key, inner in value.items()}
        case list():
            return [as_json(inner) for inner in value]
        case datetime.date() | datetime.time():
            return value.isoformat()
        case _:
            return value


def configs():
    """Returns all whole configs of the repository that are right."""
    listed = subprocess.check_output(["git", "ls-files", "*.toml"], cwd=ROOT, text=True).split()
    texts = {name: (ROOT / name).read_text() for name in listed}
    return {name: text for name, text in texts.items() if "[business]" in text}


def program_takes(text):
    """Says whether the program finds no error in a config."""
    with tempfile.TemporaryDirectory(prefix="keeptab-schema-") as home:
        (pathlib.Path(home) / "keeptab.toml").write_text(text)
        environment = {"KEEPTAB_HOME": home, "HOME": home, "PATH": "/usr/bin:/bin"}
        said = subprocess.run([BINARY, "doctor"], env=environment, stdout=subprocess.PIPE, text=True, check=False).stdout
    return not re.search(r"^\w+ +config: .*error:", said, re.M)


def with_value(text, table, key, value):
    """Returns a config with another value for a key."""
    head, heading, rest = text.partition(f"[{table}]\n")
    body, mark, tail = rest.partition("\n[")
    lines = [line for line in body.split("\n") if not re.match(rf"{key} *=", line)]
    if not heading:
        head, mark, tail = f"{text}\n", "", ""
    return f"{head}[{table}]\n{key} = {value}\n" + "\n".join(lines) + mark + tail


def tables(config, properties, path=()):
    """Returns each table of a config with its schema."""
    for key, value in config.items():
        inner = properties["properties"].get(key) if "properties" in properties else properties["additionalProperties"]
        if isinstance(value, dict):
            yield value, (*path, key)
            yield from tables(value, inner, (*path, key)) if "type" in inner else ()


def check():
    """Returns how the schema is not as it should be, or None."""
    schema = Schema()
    wrong = []
    if FILE.read_text() != schema.text:
        wrong.append(f"{FILE.name} is not what `keeptab config schema` prints")
    right = configs()
    if len(right) < 2:
        wrong.append(f"these are all configs: {', '.join(right)}")
    for name, text in right.items():
        if said := schema.wrong(text):
            wrong.append(f"{name}\n{said}")
    jane = (ROOT / "tests" / "docs" / "jane.toml").read_text()
    whole = as_json(tomllib.loads(jane))
    unlike = 0
    for table, path in tables(whole, schema.json):
        # Ids are free.
        if path in {("client",), ("project",)}:
            continue
        table["unheard_of"] = 1
        if not schema.wrong_in(whole):
            wrong.append(f"an unknown key of {'.'.join(path)} is taken")
        del table["unheard_of"]
        for key, value in table.items():
            table[key] = [[value]]
            unlike += 1
            if not schema.wrong_in(whole):
                wrong.append(f"{'.'.join(path)}.{key} is taken as a list of lists")
            table[key] = value
    if unlike < 20 or schema.wrong_in(whole):
        wrong.append(f"{unlike} keys were tried")
    for (table, key), values in TRIED.items():
        answers = set()
        for value in values:
            text = with_value(jane, table, key, value)
            said, takes = schema.wrong(text), program_takes(text)
            answers.add(takes)
            if takes == bool(said):
                program = "takes" if takes else "refuses"
                wrong.append(f"[{table}] {key} = {value}: the program {program} it\n{said or 'the schema takes it'}")
        if answers != {True, False}:
            wrong.append(f"[{table}] {key}: one value to take and one to refuse, please")
    return "\n".join(wrong) or None
