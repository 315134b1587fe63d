"""The figures of an invoice, read back from each of its forms: the same in all."""

import csv
import json
from decimal import Decimal

from lxml import etree, html

CII = {
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
}
UBL = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
UNITS = {"HUR": "hour", "DAY": "day", "C62": "each"}


def of_json(path):
    invoice = json.loads(path.read_text())
    lines = [(line["quantity"], line["unit"], line["rate"], line["amount"]) for line in invoice["lines"]]
    return {
        "number": invoice["number"],
        "lines": [(Decimal(q), unit, Decimal(r), Decimal(a)) for q, unit, r, a in lines],
        "discounts": [Decimal(allowance["amount"]) for allowance in invoice["allowances"]],
        "taxes": [Decimal(tax["amount"]) for tax in invoice["taxes"]],
        "net": Decimal(invoice["netTotal"]),
        "gross": Decimal(invoice["grossTotal"]),
        "due": Decimal(invoice["due"]),
    }


def _texts(node, path, names):
    return [found.text for found in node.findall(path, names)]


def _numbers(node, path, names):
    return [Decimal(text) for text in _texts(node, path, names)]


def of_cii(path):
    root = etree.parse(path).getroot()
    lines = []
    for line in root.iter(f"{{{CII['ram']}}}IncludedSupplyChainTradeLineItem"):
        quantity = line.find(".//ram:BilledQuantity", CII)
        [rate] = _numbers(line, ".//ram:NetPriceProductTradePrice/ram:ChargeAmount", CII)
        [amount] = _numbers(line, ".//ram:LineTotalAmount", CII)
        lines.append((Decimal(quantity.text), UNITS[quantity.get("unitCode")], rate, amount))
    settlement = root.find(".//ram:ApplicableHeaderTradeSettlement", CII)
    [number] = _texts(root, "rsm:ExchangedDocument/ram:ID", CII)
    [net] = _numbers(settlement, ".//ram:TaxBasisTotalAmount", CII)
    [gross] = _numbers(settlement, ".//ram:GrandTotalAmount", CII)
    [due] = _numbers(settlement, ".//ram:DuePayableAmount", CII)
    return {
        "number": number,
        "lines": lines,
        "discounts": _numbers(settlement, "ram:SpecifiedTradeAllowanceCharge/ram:ActualAmount", CII),
        "taxes": _numbers(settlement, "ram:ApplicableTradeTax/ram:CalculatedAmount", CII),
        "net": net,
        "gross": gross,
        "due": due,
    }


def of_ubl(path):
    root = etree.parse(path).getroot()
    lines = []
    for line in [*root.findall("cac:InvoiceLine", UBL), *root.findall("cac:CreditNoteLine", UBL)]:
        [quantity] = [*line.findall("cbc:InvoicedQuantity", UBL), *line.findall("cbc:CreditedQuantity", UBL)]
        [rate] = _numbers(line, "cac:Price/cbc:PriceAmount", UBL)
        [amount] = _numbers(line, "cbc:LineExtensionAmount", UBL)
        lines.append((Decimal(quantity.text), UNITS[quantity.get("unitCode")], rate, amount))
    [number] = _texts(root, "cbc:ID", UBL)
    [net] = _numbers(root, "cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount", UBL)
    [gross] = _numbers(root, "cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount", UBL)
    [due] = _numbers(root, "cac:LegalMonetaryTotal/cbc:PayableAmount", UBL)
    return {
        "number": number,
        "lines": lines,
        "discounts": _numbers(root, "cac:AllowanceCharge/cbc:Amount", UBL),
        "taxes": _numbers(root, "cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount", UBL),
        "net": net,
        "gross": gross,
        "due": due,
    }


def of_csv(path):
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    of = lambda name: [Decimal(row["amount"]) for row in rows if row["row"] == name]
    lines = [row for row in rows if row["row"] == "line"]
    [net], [gross], [due] = of("net"), of("gross"), of("due")
    [number] = {row["number"] for row in rows}
    return {
        "number": number,
        "lines": [
            (Decimal(row["quantity"]), row["unit"], Decimal(row["rate"]), Decimal(row["amount"])) for row in lines
        ],
        "discounts": [-amount for amount in of("discount")],
        "taxes": of("tax"),
        "net": net,
        "gross": gross,
        "due": due,
    }


def shown(path):
    """The figures of a page as they are printed, each beside its value: [(value, text)]."""
    page = html.parse(str(path)).getroot()
    return [(Decimal(data.get("value")), data.text_content()) for data in page.iter("data")]


def says_nothing_of_tax(told):
    """Whether an invoice is outside the scope of a tax, and of a seller in a country where it says nothing about it."""
    invoice = json.loads(told.read_text())
    return invoice["seller"]["country"] == "US" and all(tax["taxCategory"] == "O" for tax in invoice["taxes"])


def in_html(path, figures, silent):
    """The figures of the JSON that a page does not show in their places; if it is silent, no tax is among them."""
    values = [value for value, _ in shown(path)]
    lines = [value for quantity, _, rate, amount in figures["lines"] for value in (quantity, rate, amount)]
    missing = [] if values[: len(lines)] == lines else [f"lines {lines} are {values[:len(lines)]}"]
    sums = values[len(lines) :]
    wanted = [*(-amount for amount in figures["discounts"]), figures["net"], *([] if silent else figures["taxes"])]
    missing += [f"{value} is not among the sums {sums}" for value in wanted if value not in sums]
    if silent and len(sums) != len(figures["discounts"]) + 2:
        missing.append(f"{sums} are more than the lines, the discounts and what is due")
    if sums[-1:] != [figures["due"]]:
        missing.append(f"the last sum is {sums[-1:]}, not {figures['due']}")
    return missing
