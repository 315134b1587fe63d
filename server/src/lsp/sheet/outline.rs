//! The days of a timesheet as folds and as symbols.

use keeptab_core::timesheet::{Item, Parsed, TimeLine};
use tower_lsp::ls_types::{DocumentSymbol, FoldingRange, FoldingRangeKind, SymbolKind};

use super::range;

/// A day of a text.
struct Day {
    /// The line of its header.
    header: usize,
    /// Its lines with time.
    lines: Vec<usize>,
    /// Its last line that is not blank.
    last: usize,
}

/// Returns the folds of a text: its days, and the part above them.
pub(super) fn folds(parsed: &Parsed) -> Vec<FoldingRange> {
    let days = days(parsed);
    let top = days.first().map_or(parsed.lines.len(), |day| day.header);
    let comments = |line: &usize| matches!(parsed.lines[*line].item, Item::Header(_) | Item::Comment);
    let above = (0..top).take_while(comments).last();
    let fold = |start: usize, end: usize, kind| FoldingRange {
        start_line: u32::try_from(start).unwrap_or(u32::MAX),
        end_line: u32::try_from(end).unwrap_or(u32::MAX),
        kind: Some(kind),
        ..FoldingRange::default()
    };
    let above = above.map(|last| fold(0, last, FoldingRangeKind::Comment));
    let days = days
        .iter()
        .map(|day| fold(day.header, day.last, FoldingRangeKind::Region));
    above
        .into_iter()
        .chain(days)
        .filter(|fold| fold.end_line > fold.start_line)
        .collect()
}

/// Returns the days of a text with their lines.
pub(super) fn symbols(parsed: &Parsed) -> Vec<DocumentSymbol> {
    let symbol = |day: &Day| {
        let Item::Day(header) = &parsed.lines[day.header].item else {
            return None;
        };
        let weekday = header.weekday.as_ref()?;
        let named = weekday.range.start..header.date.as_ref().map_or(weekday.range.end, |date| date.range.end);
        let total = header.total.as_ref().map(|total| parsed.slice(total).to_owned());
        let whole = parsed.lines[day.header].range.start..parsed.lines[day.last].range.end;
        let lines = day.lines.iter().filter_map(|line| time_symbol(parsed, *line)).collect();
        Some(DocumentSymbol {
            children: Some(lines),
            ..named_symbol(parsed, (&named, &whole), total, SymbolKind::NAMESPACE)
        })
    };
    days(parsed).iter().filter_map(symbol).collect()
}

fn time_symbol(parsed: &Parsed, line: usize) -> Option<DocumentSymbol> {
    let source = parsed.lines.get(line)?;
    let Item::Time(TimeLine {
        time: Some(time),
        to: Some(to),
        note,
        ..
    }) = &source.item
    else {
        return None;
    };
    let named = time.range.start..to.range.end;
    let note = note.as_ref().map(|note| note.value.clone());
    let symbol = named_symbol(parsed, (&named, &source.range), note, SymbolKind::EVENT);
    let name = format!("{}  {}", time.value, parsed.slice(&to.range));
    Some(DocumentSymbol { name, ..symbol })
}

#[expect(deprecated, reason = "the field has to be there")]
fn named_symbol(
    parsed: &Parsed,
    (named, whole): (&std::ops::Range<usize>, &std::ops::Range<usize>),
    detail: Option<String>,
    kind: SymbolKind,
) -> DocumentSymbol {
    DocumentSymbol {
        name: parsed.slice(named).to_owned(),
        detail,
        kind,
        tags: None,
        deprecated: None,
        range: range(parsed, whole),
        selection_range: range(parsed, named),
        children: None,
    }
}

fn days(parsed: &Parsed) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for (line, source) in parsed.lines.iter().enumerate() {
        match (&source.item, days.last_mut()) {
            // A line that is half written is taken for the name of a day.
            (Item::Day(day), _) if day.weekday.is_some() => days.push(Day {
                header: line,
                lines: Vec::new(),
                last: line,
            }),
            (Item::Blank, _) | (_, None) => {}
            (item, Some(day)) => {
                day.last = line;
                if matches!(item, Item::Time(_)) {
                    day.lines.push(line);
                }
            }
        }
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;
    use keeptab_core::timesheet::parse;

    const TEXT: &str = "\
# 2026-W47   r1
# ? Mon 12:10-13:00  away 0:50: a call?

Mon 16 Nov   2:00
  09:02-10:47  acme/api  GET /ö
  half a line
  +0:15  \"two words\"

Tue 17 Nov
";

    #[test]
    fn a_day_folds_without_the_blank_lines_after_it() {
        let folds: Vec<_> = folds(&parse(TEXT))
            .iter()
            .map(|fold| (fold.start_line, fold.end_line))
            .collect();
        assert_eq!(folds, [(0, 1), (3, 6)]);
    }

    #[test]
    fn days_hold_their_lines() {
        let mut shown = Vec::new();
        for day in symbols(&parse(TEXT)) {
            for symbol in [&day].into_iter().chain(day.children.iter().flatten()) {
                let (range, named) = (symbol.range, symbol.selection_range);
                assert!(range.start <= named.start && named.end <= range.end, "{symbol:?}");
                assert!(
                    day.range.start <= range.start && range.end <= day.range.end,
                    "{symbol:?}"
                );
                let detail = symbol.detail.as_deref().unwrap_or("none");
                shown.push(format!("{} | {detail}\n", symbol.name));
            }
        }
        expect_test::expect![[r#"
            Mon 16 Nov | 2:00
            09:02-10:47  acme/api | GET /ö
            +0:15  "two words" | none
            Tue 17 Nov | none
        "#]]
        .assert_eq(&shown.concat());
    }
}
