//! The tables of a config, for the outline and for folding.

use keeptab_config::outline::{Block, Entry, scan};
use keeptab_core::timesheet::Parsed;
use tower_lsp::ls_types::{DocumentSymbol, FoldingRange, SymbolKind};

use crate::lsp::sheet::range;

/// Returns the tables with their keys.
pub(super) fn symbols(parsed: &Parsed) -> Vec<DocumentSymbol> {
    let of_entry = |entry: &Entry| {
        let names: Vec<&str> = entry.key.iter().map(|name| &*name.text).collect();
        let name = (names.join("."), SymbolKind::PROPERTY);
        symbol(parsed, name, &entry.range, &entry.range, None)
    };
    let of_block = |block: &Block| {
        let header = block.header.as_ref()?;
        let name = (block.path().join("."), SymbolKind::MODULE);
        let children = block.entries.iter().filter_map(of_entry).collect();
        symbol(
            parsed,
            name,
            &(block.range.start..block.end()),
            &header.range,
            Some(children),
        )
    };
    scan(parsed.text()).blocks.iter().filter_map(of_block).collect()
}

/// Returns the tables that have more than their heading.
pub(super) fn folds(parsed: &Parsed) -> Vec<FoldingRange> {
    let fold = |block: &Block| {
        let lines = range(parsed, &(block.range.start..block.end()));
        let folds = block.header.is_some() && lines.end.line > lines.start.line;
        folds.then(|| FoldingRange {
            start_line: lines.start.line,
            end_line: lines.end.line,
            ..FoldingRange::default()
        })
    };
    scan(parsed.text()).blocks.iter().filter_map(fold).collect()
}

/// Makes a symbol; `None` if it has no name, which editors refuse.
fn symbol(
    parsed: &Parsed,
    (name, kind): (String, SymbolKind),
    whole: &std::ops::Range<usize>,
    own: &std::ops::Range<usize>,
    children: Option<Vec<DocumentSymbol>>,
) -> Option<DocumentSymbol> {
    #[expect(deprecated, reason = "the field has to be there")]
    (!name.trim().is_empty()).then(|| DocumentSymbol {
        name,
        detail: None,
        kind,
        tags: None,
        deprecated: None,
        range: range(parsed, whole),
        selection_range: range(parsed, own),
        children,
    })
}
