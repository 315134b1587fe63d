//! Factur-X metadata, which declare the electronic invoice inside a PDF.

use std::ops::Range;

/// The file name of the electronic invoice inside (Factur-X 1.0, 6.2.1; ZUGFeRD 2 accepts it, too).
pub(crate) const NAME: &str = "factur-x.xml";

/// The description of the electronic invoice in the metadata.
const SAID: &str = concat!(
    r#"<rdf:Description rdf:about="" xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#">"#,
    "<fx:DocumentType>INVOICE</fx:DocumentType><fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>",
    "<fx:Version>1.0</fx:Version><fx:ConformanceLevel>EN 16931</fx:ConformanceLevel></rdf:Description>",
);
/// The schema that PDF/A-3 requires for properties that are not its own (ISO 19005-3, 6.6.2.3).
const SCHEMA: [&str; 2] = [
    concat!(
        r#"<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>"#,
        "<pdfaSchema:namespaceURI>urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#</pdfaSchema:namespaceURI>",
        "<pdfaSchema:prefix>fx</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>",
    ),
    "</rdf:Seq></pdfaSchema:property></rdf:li>",
];
const PROPERTIES: [(&str, &str); 4] = [
    ("DocumentFileName", "The name of the embedded XML document"),
    (
        "DocumentType",
        "The type of the hybrid document in capital letters, e.g. INVOICE or ORDER",
    ),
    (
        "Version",
        "The actual version of the standard applying to the embedded XML document",
    ),
    ("ConformanceLevel", "The conformance level of the embedded XML document"),
];

/// Declares in the metadata of a PDF that there is an electronic invoice inside.
///
/// typst cannot add properties to the metadata. But it writes them as an uncompressed stream, and the positions of
/// objects as one uncompressed table. So the properties are inserted, and the positions behind them are moved. Nothing
/// is compressed anew. Returns `None` if the file is not built like that.
pub(crate) fn declare(pdf: &[u8]) -> Option<Vec<u8>> {
    let table = Table::of(pdf)?;
    let catalog = table.place(number(pdf, find(pdf, b"/Root ", table.end)?)?.0)?;
    let metadata = table.place(number(pdf, find(pdf, b"/Metadata ", catalog)?)?.0)?;
    let (length, digits) = number(pdf, find(pdf, b"/Length ", metadata)?)?;
    let start = find(pdf, b"stream\n", digits.end)?;
    let said = pdf.get(start..start + length)?;
    let said = declared(std::str::from_utf8(said).ok()?)?;
    let new_length = said.len().to_string();
    let end = start + length;
    let by = said.len() - length + new_length.len() - digits.len();
    let parts: [&[u8]; 5] = [
        pdf.get(..digits.start)?,
        new_length.as_bytes(),
        pdf.get(digits.end..start)?,
        said.as_bytes(),
        pdf.get(end..table.start)?,
    ];
    let mut out = parts.concat();
    table.write_moved(pdf, start, by, &mut out)?;
    Some(out)
}

/// Inserts the properties and their schema into metadata. There is one list of schemas, to which the schema is added.
fn declared(said: &str) -> Option<String> {
    let property = |(name, means): (&str, &str)| {
        format!(
            "<rdf:li rdf:parseType=\"Resource\"><pdfaProperty:category>external</pdfaProperty:category>\
             <pdfaProperty:description>{means}</pdfaProperty:description><pdfaProperty:name>{name}</pdfaProperty:name>\
             <pdfaProperty:valueType>Text</pdfaProperty:valueType></rdf:li>"
        )
    };
    let [open, close] = SCHEMA;
    let (before, rest) = said.split_at_checked(said.rfind("</rdf:Bag></pdfaExtension:schemas>")?)?;
    let (between, behind) = rest.split_at_checked(rest.rfind("</rdf:RDF>")?)?;
    Some(
        [
            before,
            open,
            &PROPERTIES.map(property).concat(),
            close,
            between,
            SAID,
            behind,
        ]
        .concat(),
    )
}

/// The cross-reference table at the end of a PDF, with the position of each object.
struct Table<'a> {
    /// The position of the table itself.
    start: usize,
    /// The entries, 20 bytes each.
    entries: &'a [u8],
    /// The position of the trailer, which follows the entries.
    end: usize,
}

impl<'a> Table<'a> {
    fn of(pdf: &'a [u8]) -> Option<Self> {
        let tail = pdf.len().saturating_sub(64);
        let (start, _) = number(pdf, find(pdf, b"startxref\n", tail)?)?;
        let (count, digits) = number(pdf, find(pdf, b"xref\n0 ", start)?)?;
        let first = digits.end + 1;
        let end = first + count * 20;
        let entries = pdf.get(first..end)?;
        let plain = pdf.get(end..)?.starts_with(b"trailer\n");
        plain.then_some(Self { start, entries, end })
    }

    /// Returns the position of an object.
    fn place(&self, object: usize) -> Option<usize> {
        number(self.entries, object * 20).map(|(place, _)| place)
    }

    /// Writes the table, the trailer and the end of the file. Positions behind `behind` are moved on by `by`.
    fn write_moved(&self, pdf: &[u8], behind: usize, by: usize, out: &mut Vec<u8>) -> Option<()> {
        let moved = |place: usize| if place > behind { place + by } else { place };
        out.extend_from_slice(pdf.get(self.start..self.end - self.entries.len())?);
        for entry in self.entries.chunks(20) {
            let (place, digits) = number(entry, 0)?;
            out.extend_from_slice(format!("{:010}", moved(place)).as_bytes());
            out.extend_from_slice(entry.get(digits.end..)?);
        }
        let (start, digits) = number(pdf, find(pdf, b"startxref\n", self.end)?)?;
        out.extend_from_slice(pdf.get(self.end..digits.start)?);
        out.extend_from_slice(moved(start).to_string().as_bytes());
        out.extend_from_slice(pdf.get(digits.end..)?);
        Some(())
    }
}

/// Returns the end of the first `word` at or after `from`.
fn find(bytes: &[u8], word: &[u8], from: usize) -> Option<usize> {
    let found = bytes
        .get(from..)?
        .windows(word.len())
        .position(|window| window == word)?;
    Some(from + found + word.len())
}

/// Reads the number at a position; also returns the range of its digits.
fn number(bytes: &[u8], start: usize) -> Option<(usize, Range<usize>)> {
    let rest = bytes.get(start..)?;
    let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let digits = rest.get(..length)?;
    let value = std::str::from_utf8(digits).ok()?.parse().ok()?;
    Some((value, start..start + length))
}
