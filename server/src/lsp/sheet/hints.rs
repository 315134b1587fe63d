//! Length and amount of each line, shown at its end.
//!
//! The amount is that of the line alone. `≈` stands before it if the project's time is rounded per invoice line or per
//! day: then the invoiced amount depends on other lines as well.

use keeptab_core::money::Unit;
use keeptab_core::timesheet::money;
use tower_lsp::ls_types::{InlayHint, InlayHintLabel, InlayHintTooltip, Range};

use super::Sheet;
use super::rows::Row;

/// Returns the hints of the lines in a part of the text.
pub(super) fn hints(sheet: &Sheet, within: Range) -> Vec<InlayHint> {
    let faulty = sheet.faulty();
    let (first, last) = (sheet.place(within.start).0, sheet.place(within.end).0);
    let rows = sheet
        .rows()
        .filter(|row| (first..=last).contains(&row.resolved.line) && !faulty.contains(&row.resolved.line));
    rows.filter_map(|row| hint(sheet, &row)).collect()
}

fn hint(sheet: &Sheet, row: &Row<'_>) -> Option<InlayHint> {
    let line = sheet.parsed.lines.get(row.resolved.line)?;
    Some(InlayHint {
        position: sheet.range(&(line.range.end..line.range.end)).start,
        label: InlayHintLabel::String(label(sheet, row)),
        kind: None,
        text_edits: None,
        tooltip: sum(sheet, row).map(InlayHintTooltip::String),
        padding_left: Some(true),
        padding_right: None,
        data: None,
    })
}

/// Returns `1:45 · EUR 166.25`, or `1:45 · billed JDS-202611-0001`.
pub(super) fn label(sheet: &Sheet, row: &Row<'_>) -> String {
    let length = row.shown;
    match (row.billed, sheet.worth(row)) {
        (Some(number), _) => format!("{length} · billed {number}"),
        (None, Some((alone, terms))) => {
            let about = if alone.shared { "≈ " } else { "" };
            format!("{length} · {about}{}", money(terms.currency, alone.amount))
        }
        (None, None) => length.to_string(),
    }
}

/// Returns the amount's factors: `1.75 h × 95.00`.
pub(super) fn sum(sheet: &Sheet, row: &Row<'_>) -> Option<String> {
    let (alone, terms) = sheet.worth(row)?;
    let unit = match alone.unit {
        Unit::Hour => "h",
        Unit::Day => "days",
    };
    let rounded = if alone.shared {
        ", before it is rounded with other lines"
    } else {
        ""
    };
    let price = alone.price.shown(terms.currency);
    Some(format!("{} {unit} × {price}{rounded}", alone.quantity))
}

#[cfg(test)]
mod tests;
