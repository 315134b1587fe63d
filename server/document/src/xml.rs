//! XML and HTML, written element by element.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesStart, BytesText, Event};

use crate::text::clean;

/// A document that is being written.
pub(crate) struct Xml {
    writer: Writer<Vec<u8>>,
}

impl Xml {
    /// Writes an XML document: its root with its namespaces, and its content.
    pub(crate) fn document(
        root: &str,
        namespaces: &[(&str, &str)],
        inside: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<Vec<u8>> {
        let writer = Writer::new_with_indent(Vec::new(), b' ', 2);
        let declaration = Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None));
        Self { writer }.whole(declaration, root, namespaces, inside)
    }

    /// Writes an HTML page. White space is significant there, so none is put between elements.
    pub(crate) fn page(language: &str, inside: impl FnOnce(&mut Self) -> io::Result<()>) -> io::Result<Vec<u8>> {
        let writer = Writer::new(Vec::new());
        let declaration = Event::DocType(BytesText::from_escaped("html"));
        Self { writer }.whole(declaration, "html", &[("lang", language)], inside)
    }

    fn whole(
        mut self,
        declaration: Event<'_>,
        root: &str,
        attributes: &[(&str, &str)],
        inside: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<Vec<u8>> {
        self.writer.write_event(declaration)?;
        self.within(root, attributes, inside)?;
        let mut bytes = self.writer.into_inner();
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Writes an element with others inside.
    pub(crate) fn group(&mut self, name: &str, inside: impl FnOnce(&mut Self) -> io::Result<()>) -> io::Result<()> {
        self.within(name, &[], inside)
    }

    /// Writes an element with attributes, and others inside.
    pub(crate) fn within(
        &mut self,
        name: &str,
        attributes: &[(&str, &str)],
        inside: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        let start = BytesStart::new(name).with_attributes(attributes.iter().copied());
        self.writer.write_event(Event::Start(start.borrow()))?;
        inside(self)?;
        self.writer.write_event(Event::End(start.to_end()))
    }

    /// Writes an element with nothing inside.
    pub(crate) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
        let start = BytesStart::new(name).with_attributes(attributes.iter().copied());
        self.writer.write_event(Event::Empty(start))
    }

    /// Writes an element with text, without characters that XML cannot have.
    pub(crate) fn text(&mut self, name: &str, text: &str) -> io::Result<()> {
        self.marked(name, &[], text)
    }

    /// Writes an element with attributes and text.
    pub(crate) fn marked(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) -> io::Result<()> {
        let mut lines: Vec<String> = text.lines().map(clean).collect();
        if text.ends_with('\n') {
            lines.push(String::new());
        }
        let element = self.writer.create_element(name);
        let element = element.with_attributes(attributes.iter().copied());
        element.write_text_content(BytesText::new(&lines.join("\n")))?;
        Ok(())
    }

    /// Writes an element unless its text is empty: empty elements are forbidden (PEPPOL-EN16931-R008).
    pub(crate) fn maybe(&mut self, name: &str, text: Option<&str>) -> io::Result<()> {
        match text.filter(|text| !clean(text).is_empty()) {
            Some(text) => self.text(name, text),
            None => Ok(()),
        }
    }

    /// Writes our own markup as it is.
    pub(crate) fn raw(&mut self, markup: &str) -> io::Result<()> {
        self.writer.write_event(Event::Text(BytesText::from_escaped(markup)))
    }
}
