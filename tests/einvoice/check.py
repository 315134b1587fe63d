"""Checks a folder of invoices: `check.py FOLDER`. Each invoice is a `NAME.json` with its other forms beside it; one that
cannot be an electronic invoice has a `NAME.refused` that says so, and a plain PDF."""

import json
import sys
from pathlib import Path

import figures
import paper
from rules import EXPLAINED, Rules

FORMS = {"xrechnung": "-xrechnung.xml", "xrechnung-ubl": "-xrechnung-ubl.xml", "ubl": "-ubl.xml"}
READ = {
    "facturx": figures.of_cii,
    "xrechnung": figures.of_cii,
    "xrechnung-ubl": figures.of_ubl,
    "ubl": figures.of_ubl,
    "csv": figures.of_csv,
}


class Checker:
    """Counts what holds and what does not."""

    def __init__(self):
        self.rules = Rules()
        self.passed = 0
        self.failed = 0
        self.validated = 0

    def hold(self, name, wrong):
        if wrong:
            self.failed += 1
            print(f"FAILED: {name}")
            for text in wrong[:8]:
                print(f"    {text}")
        else:
            self.passed += 1

    def invoice(self, told):
        """Checks one invoice in all its forms."""
        stem = told.name.removesuffix(".json")
        beside = lambda ending: told.with_name(stem + ending)
        wanted = figures.of_json(told)
        electronic = not beside(".refused").exists()
        pdf = beside(".pdf")
        self.hold(f"{stem}.pdf", paper.findings(pdf, electronic))
        self.hold(f"{stem}.pdf prints the figures", paper.unprinted(pdf, [text for _, text in figures.shown(beside(".html"))]))
        self.hold(f"{stem}.pdf can be paid by its code", paper.misread(pdf, json.loads(told.read_text())))
        self.hold(f"{stem}.html", figures.in_html(beside(".html"), wanted, figures.says_nothing_of_tax(told)))
        forms = {"csv": beside(".csv")}
        if electronic:
            inside = beside("-facturx.xml")
            inside.write_bytes(paper.extracted(pdf) or b"")
            forms |= {"facturx": inside} | {kind: beside(ending) for kind, ending in FORMS.items()}
        for kind, path in forms.items():
            if kind != "csv":
                errors, warnings = self.rules.findings(kind, path)
                self.hold(f"{path.name} follows its rules", errors + warnings)
                self.validated += 1
            read = READ[kind](path)
            differing = [f"{key}: {read[key]}, not {wanted[key]}" for key in wanted if read[key] != wanted[key]]
            self.hold(f"{path.name} says what the JSON says", differing)

    def spoiled(self, told):
        """Checks that the rules find a wrong total: what cannot fail proves nothing."""
        stem = told.name.removesuffix(".json")
        for kind, ending, element in (
            ("facturx", "-facturx.xml", "ram:GrandTotalAmount"),
            ("xrechnung", "-xrechnung.xml", "ram:GrandTotalAmount"),
            ("xrechnung-ubl", "-xrechnung-ubl.xml", "cbc:TaxInclusiveAmount"),
            ("ubl", "-ubl.xml", "cbc:TaxInclusiveAmount"),
        ):
            text = told.with_name(stem + ending).read_text()
            start = text.index(">", text.index(f"<{element}")) + 1
            spoiled = told.with_name(f"spoiled{ending}")
            spoiled.write_text(text[:start] + "9" + text[start:])
            errors, _ = self.rules.findings(kind, spoiled)
            found = [error for error in errors if "BR-CO-15" in error]
            self.hold(f"a wrong total in {kind} is found", [] if found else [f"not among {errors}"])
            read, wanted = READ[kind](spoiled), figures.of_json(told)
            self.hold(f"a wrong total in {kind} differs", [] if read != wanted else ["it does not"])


def main():
    checker = Checker()
    invoices = sorted(Path(sys.argv[1]).glob("*.json"))
    for told in invoices:
        checker.invoice(told)
    electronic = [told for told in invoices if not told.with_suffix(".refused").exists()]
    checker.spoiled(electronic[0])
    for name, rule in sorted(checker.rules.explained):
        print(f"taken as it is: {name}: {rule}: {EXPLAINED[name, rule]}")
    refused = len(invoices) - len(electronic)
    print(f"{len(invoices)} invoices, {refused} of them paper only; {checker.validated} electronic forms validated")
    print(f"{checker.passed} passed, {checker.failed} failed")
    return 1 if checker.failed or not electronic else 0


sys.exit(main())
