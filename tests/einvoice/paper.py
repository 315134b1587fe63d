"""What is checked of a PDF: that it is whole, says that it is an archive and a Factur-X, and prints the figures."""

import subprocess
import tempfile
from pathlib import Path

import facturx
import pikepdf
import zxingcpp
from lxml import etree
from PIL import Image

FX = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
EXTENSION = "http://www.aiim.org/pdfa/ns/extension/"
SCHEMA = "http://www.aiim.org/pdfa/ns/schema#"
PROPERTY = "http://www.aiim.org/pdfa/ns/property#"


def extracted(path):
    """The XML inside, as three tools find it, or nothing."""
    name, by_facturx = facturx.get_xml_from_pdf(path.read_bytes(), check_xsd=False)
    if not name:
        return None
    with pikepdf.open(path) as pdf:
        by_pikepdf = pdf.attachments["factur-x.xml"].get_file().read_bytes()
    by_qpdf = subprocess.run(
        ["qpdf", "--show-attachment=factur-x.xml", str(path)], capture_output=True, check=True
    ).stdout
    if not by_facturx == by_pikepdf == by_qpdf:
        raise ValueError("the tools find different files inside")
    return by_facturx


def findings(path, electronic):
    """What is wrong with a PDF that has an electronic invoice inside, or has none."""
    wrong = []
    checked = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True)
    if checked.returncode != 0:
        wrong.append(f"qpdf: {checked.stdout}{checked.stderr}")
    with pikepdf.open(path) as pdf:
        said = pdf.open_metadata()
        if (said.get("pdfaid:part"), said.get("pdfaid:conformance")) != ("3", "B"):
            wrong.append("it does not say that it is a PDF/A-3b")
        if "/OutputIntents" not in pdf.Root:
            wrong.append("it has no output intent")
        for page in pdf.pages:
            fonts = page.resources.get("/Font", {})
            wrong += [f"font {name} is not embedded" for name, font in fonts.items() if not embedded(font)]
        if electronic:
            wrong += hybrid(pdf)
        elif "/AF" in pdf.Root:
            wrong.append("something is inside")
    return wrong


def embedded(font):
    """Whether the program of a font is in the file."""
    descendant = font.get("/DescendantFonts", [font])[0]
    descriptor = descendant.get("/FontDescriptor", {})
    return any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))


def hybrid(pdf):
    """What is wrong with how the file inside is tied to the PDF (Factur-X 1.0, 6.2; ISO 19005-3)."""
    wrong = []
    associated = list(pdf.Root.get("/AF", []))
    if [str(file.get("/UF")) for file in associated] != ["factur-x.xml"]:
        return ["factur-x.xml is not an associated file"]
    [file] = associated
    if file.get("/AFRelationship") != "/Alternative":
        wrong.append(f"it is related as {file.get('/AFRelationship')}")
    stream = file.EF.F
    if stream.get("/Subtype") != "/text/xml":
        wrong.append(f"it is said to be {stream.get('/Subtype')}")
    if "/ModDate" not in stream.get("/Params", {}):
        wrong.append("it has no date")
    xmp = etree.fromstring(pdf.Root.Metadata.read_bytes())
    told = {name: xmp.findtext(f".//{{{FX}}}{name}") for name in ("DocumentType", "DocumentFileName", "Version", "ConformanceLevel")}
    if list(told.values()) != ["INVOICE", "factur-x.xml", "1.0", "EN 16931"]:
        wrong.append(f"its metadata say {told}")
    [schemas] = xmp.findall(f".//{{{EXTENSION}}}schemas") or [None]
    if schemas is None or FX not in [found.text for found in schemas.iter(f"{{{SCHEMA}}}namespaceURI")]:
        wrong.append("its metadata do not describe their words")
    else:
        described = {found.text for found in schemas.iter(f"{{{PROPERTY}}}name")}
        wrong += [f"its metadata do not describe {name}" for name in told if name not in described]
    return wrong


def unprinted(path, texts):
    """The texts that a PDF does not print."""
    read = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True).stdout.decode()
    squeezed = "".join(read.split())
    return [text for text in texts if "".join(text.split()) not in squeezed]


def scanned(path):
    """What a camera reads in a PDF: the lines of its code, on whatever page that is."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["pdftoppm", "-r", "110", "-gray", "-png", str(path), f"{folder}/page"], check=True)
        for page in sorted(Path(folder).iterdir()):
            found = zxingcpp.read_barcodes(Image.open(page))
            if found:
                return found[0].text.split("\n")
    return [""]


def misread(path, told):
    """What is wrong with the code of a PDF, given its invoice as JSON."""
    account, due = told["iban"] or "", told["due"]
    payable = told["kind"] == "invoice" and float(due) > 0 and account
    lines = scanned(path)
    if payable and account[:2] in ("CH", "LI") and told["currency"] in ("CHF", "EUR"):
        wanted = {0: "SPC", 1: "0200", 2: "1", 3: account, 4: "S", 18: due, 19: told["currency"], 29: told["number"], 30: "EPD"}
    elif payable and told["currency"] == "EUR":
        wanted = {0: "BCD", 1: "002", 2: "1", 3: "SCT", 6: account, 7: f"EUR{due}", 10: told["number"]}
    else:
        wanted = {0: ""}
    wrong = [f"line {at + 1} is {lines[at:at + 1]}, not {text}" for at, text in wanted.items() if lines[at : at + 1] != [text]]
    return wrong
