//! The world that typst can read: templates, the files of one document, fonts. No disk, no network, no clock.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::font::{BILL_FONTS, Brought, FONTS};

/// The layout of a document.
#[derive(Clone)]
pub(crate) enum Template {
    /// An invoice or a draft.
    Invoice,
    /// A timesheet.
    Timesheet,
    /// The user's own layout of invoices.
    Own(Source),
}

impl Template {
    /// Makes a template of the user's own, named by its file.
    pub(crate) fn own(name: &str, text: &str) -> Self {
        let named = VirtualPath::new(name).map(|path| RootedPath::new(VirtualRoot::Project, path).intern());
        Self::Own(match named {
            Ok(id) => Source::new(id, text.to_owned()),
            Err(_) => Source::detached(text),
        })
    }
}

/// A template that is built in.
struct BuiltIn {
    name: &'static str,
    source: LazyLock<Source>,
}

macro_rules! built_in {
    ($name:literal) => {
        BuiltIn {
            name: $name,
            source: LazyLock::new(|| source($name, include_str!(concat!("../template/", $name)))),
        }
    };
}

static INVOICE: BuiltIn = built_in!("invoice.typ");
static TIMESHEET: BuiltIn = built_in!("timesheet.typ");
static LOOK: BuiltIn = built_in!("look.typ");
static WORK: BuiltIn = built_in!("work.typ");
static BILL: BuiltIn = built_in!("bill.typ");
/// The templates that a template may import.
static SHELF: [&BuiltIn; 5] = [&LOOK, &WORK, &BILL, &INVOICE, &TIMESHEET];

fn source(name: &str, text: &str) -> Source {
    match Template::own(name, text) {
        Template::Own(source) => source,
        Template::Invoice | Template::Timesheet => Source::detached(text),
    }
}

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));
static BOOK: LazyLock<LazyHash<FontBook>> = LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));
static BILL_BOOK: LazyLock<LazyHash<FontBook>> =
    LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter().chain(BILL_FONTS.iter()))));

/// The fonts of one document.
#[derive(Clone, Default)]
pub(crate) struct Fonts {
    /// True if those of a QR-bill are available.
    pub(crate) bill: bool,
    /// The additional ones.
    pub(crate) brought: Brought,
}

impl Fonts {
    /// Returns all of them, in the order of typst's indices.
    fn all(&self) -> impl Iterator<Item = &Font> {
        let bill = BILL_FONTS.iter().filter(|_| self.bill);
        FONTS.iter().chain(bill).chain(self.brought.fonts())
    }
}

/// A file that a document is made with, by its name.
pub(crate) type File = (String, Bytes);

/// The world of one document.
pub(crate) struct Desk {
    main: Source,
    template: Source,
    files: Vec<File>,
    fonts: Fonts,
    /// The index of the fonts, if there are more than the built-in ones.
    book: Option<LazyHash<FontBook>>,
}

impl Desk {
    /// Makes the world of a template and the files that it reads. If `attached`, `main` attaches the electronic invoice
    /// and includes the template.
    pub(crate) fn new(template: &Template, files: Vec<File>, attached: bool, fonts: Fonts) -> Self {
        let template = match template {
            Template::Invoice => INVOICE.source.clone(),
            Template::Timesheet => TIMESHEET.source.clone(),
            Template::Own(source) => source.clone(),
        };
        let main = if attached {
            let name = template.id().vpath().get_without_slash().replace(['\\', '"'], "_");
            Source::detached(format!("{ATTACH}#include \"{name}\""))
        } else {
            template.clone()
        };
        let is_plain = fonts.brought.fonts().is_empty();
        let book = (!is_plain).then(|| LazyHash::new(FontBook::from_fonts(fonts.all())));
        Self {
            main,
            template,
            files,
            fonts,
            book,
        }
    }
}

/// Attaches the electronic invoice as an alternative form of the document, as Factur-X requires.
const ATTACH: &str = "#pdf.attach(\"factur-x.xml\", relationship: \"alternative\", mime-type: \"text/xml\", \
    description: \"The invoice for programs: Factur-X / ZUGFeRD, profile EN 16931\")\n";

/// Returns the name of a file; packages are not accessible.
fn named(id: FileId) -> FileResult<&'static str> {
    match id.get().root() {
        VirtualRoot::Project => Ok(id.get().vpath().get_without_slash()),
        VirtualRoot::Package(_) => Err(FileError::AccessDenied),
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        let built_in = if self.fonts.bill { &BILL_BOOK } else { &BOOK };
        self.book.as_ref().unwrap_or(built_in)
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let own = [&self.main, &self.template]
            .into_iter()
            .find(|source| source.id() == id);
        if let Some(source) = own {
            return Ok(source.clone());
        }
        let name = named(id)?;
        let shelved = SHELF.iter().find(|shelved| shelved.name == name);
        shelved
            .map(|shelved| shelved.source.clone())
            .ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let name = named(id)?;
        let found = self.files.iter().find(|(known, _)| known == name);
        found.map(|(_, bytes)| bytes.clone()).ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.all().nth(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
