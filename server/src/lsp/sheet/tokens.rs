//! Semantic tokens of a timesheet, for colours. PROTOCOL.md has the legend.

use std::collections::HashSet;
use std::ops::Range;

use keeptab_core::correction::To;
use keeptab_core::timesheet::{DayHeader, Header, Item, Parsed, SourceLine, TimeLine};
use tower_lsp::ls_types::{SemanticToken, SemanticTokenModifier, SemanticTokenType, SemanticTokensLegend};

/// A part of a timesheet; its index in the legend is its token type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Time,
    Project,
    Unassigned,
    Private,
    Mark,
    Note,
    Comment,
    Heading,
    Revision,
    Total,
}

const LEGEND: [(Part, SemanticTokenType); 10] = [
    (Part::Time, SemanticTokenType::NUMBER),
    (Part::Project, SemanticTokenType::NAMESPACE),
    (Part::Unassigned, SemanticTokenType::KEYWORD),
    (Part::Private, SemanticTokenType::MODIFIER),
    (Part::Mark, SemanticTokenType::OPERATOR),
    (Part::Note, SemanticTokenType::STRING),
    (Part::Comment, SemanticTokenType::COMMENT),
    (Part::Heading, SemanticTokenType::CLASS),
    (Part::Revision, SemanticTokenType::PROPERTY),
    (Part::Total, SemanticTokenType::ENUM_MEMBER),
];

/// On lines that an invoice bills.
const BILLED: u32 = 1;
/// On comments that are doubts.
const DOUBT: u32 = 2;

/// Returns the names of the types and modifiers that [`tokens`] numbers.
pub(super) fn legend() -> SemanticTokensLegend {
    SemanticTokensLegend {
        token_types: LEGEND.map(|(_, name)| name).into(),
        token_modifiers: vec![SemanticTokenModifier::READONLY, SemanticTokenModifier::DOCUMENTATION],
    }
}

/// Returns the tokens of a text, each placed from the one before; `billed` are the lines that an invoice bills.
pub(super) fn tokens(parsed: &Parsed, billed: &HashSet<usize>) -> Vec<SemanticToken> {
    let mut before = super::range(parsed, &(0..0)).start;
    let mut tokens = Vec::new();
    for (bytes, part, modifiers) in parts(parsed, billed) {
        let place = super::range(parsed, &bytes);
        let same_line = place.start.line == before.line;
        let from = if same_line { before.character } else { 0 };
        let kind = LEGEND.iter().position(|(other, _)| *other == part);
        tokens.push(SemanticToken {
            delta_line: place.start.line - before.line,
            delta_start: place.start.character - from,
            length: place.end.character - place.start.character,
            token_type: kind.and_then(|kind| u32::try_from(kind).ok()).unwrap_or_default(),
            token_modifiers_bitset: modifiers,
        });
        before = place.start;
    }
    tokens
}

/// Returns the parts of a text in order, without blanks and unreadable text.
fn parts(parsed: &Parsed, billed: &HashSet<usize>) -> Vec<(Range<usize>, Part, u32)> {
    let mut parts = Vec::new();
    for (line, source) in parsed.lines.iter().enumerate() {
        let mut add = |bytes: Range<usize>, part, modifiers| {
            let bytes = trimmed(parsed, bytes);
            if !bytes.is_empty() {
                parts.push((bytes, part, modifiers));
            }
        };
        match &source.item {
            Item::Blank | Item::Unreadable => {}
            Item::Comment => {
                let is_doubt = doubt(parsed, source).is_some();
                add(source.range.clone(), Part::Comment, if is_doubt { DOUBT } else { 0 });
            }
            Item::Header(header) => header_parts(source, header, |bytes, part| add(bytes, part, 0)),
            Item::Day(day) => day_parts(day, |bytes, part| add(bytes, part, 0)),
            Item::Time(time) => {
                let modifiers = if billed.contains(&line) { BILLED } else { 0 };
                time_parts(time, |bytes, part| add(bytes, part, modifiers));
            }
        }
    }
    parts
}

fn header_parts(source: &SourceLine, header: &Header, mut add: impl FnMut(Range<usize>, Part)) {
    let mut end = source.range.start;
    let named = [Some((&header.week.range, Part::Heading))].into_iter();
    let stamp = header.stamp.as_ref().map(|stamp| (&stamp.range, Part::Revision));
    for (bytes, part) in named.chain([stamp]).flatten() {
        add(end..bytes.start, Part::Comment);
        add(bytes.clone(), part);
        end = bytes.end;
    }
    add(end..source.range.end, Part::Comment);
}

fn day_parts(day: &DayHeader, mut add: impl FnMut(Range<usize>, Part)) {
    if let Some(weekday) = &day.weekday {
        let end = day.date.as_ref().map_or(weekday.range.end, |date| date.range.end);
        add(weekday.range.start..end, Part::Heading);
    }
    if let Some(total) = &day.total {
        add(total.clone(), Part::Total);
    }
}

fn time_parts(line: &TimeLine, mut add: impl FnMut(Range<usize>, Part)) {
    if let Some(time) = &line.time {
        add(time.range.clone(), Part::Time);
    }
    if let Some(to) = &line.to {
        let part = match to.value {
            To::Project(_) => Part::Project,
            To::Unassigned => Part::Unassigned,
            To::Private => Part::Private,
        };
        add(to.range.clone(), part);
    }
    if let Some(mark) = &line.mark {
        add(mark.clone(), Part::Mark);
    }
    if let Some(note) = &line.note {
        add(note.range.clone(), Part::Note);
    }
}

/// Returns the question of a comment, if it is a doubt: `# ? Mon 12:10-13:00  away 0:50: a call?`.
pub(super) fn doubt<'t>(parsed: &'t Parsed, source: &SourceLine) -> Option<&'t str> {
    let comment = parsed.slice(&source.range).trim().strip_prefix('#')?;
    comment.trim_start().strip_prefix('?').map(str::trim)
}

fn trimmed(parsed: &Parsed, bytes: Range<usize>) -> Range<usize> {
    let blank = |letter: char| letter.is_whitespace() || letter == '\u{feff}';
    let text = parsed.slice(&bytes);
    let start = bytes.start + text.len() - text.trim_start_matches(blank).len();
    start
        ..bytes
            .start
            .max(bytes.end - (text.len() - text.trim_end().len()))
            .max(start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use keeptab_core::timesheet::parse;
    use proptest::prelude::*;

    const TEXT: &str = "\u{feff}# 2026-W47   Mon 16 Nov   3:00   r18  \n\
        # ? away\n# mine\n\
        Mon 16 Nov   1:00\n  09:02-10:47  \"ä b\"  ! 𝄞 note\n  +0:15  ?\n  ~0:04  -  6 visits\n";

    #[test]
    fn every_part_has_its_colour() {
        let parsed = parse(TEXT);
        let shown: Vec<String> = parts(&parsed, &HashSet::from([4]))
            .into_iter()
            .map(|(bytes, part, modifiers)| format!("{part:?} {modifiers} {}\n", parsed.slice(&bytes)))
            .collect();
        expect_test::expect![[r##"
            Comment 0 #
            Heading 0 2026-W47
            Comment 0 Mon 16 Nov   3:00
            Revision 0 r18
            Comment 2 # ? away
            Comment 0 # mine
            Heading 0 Mon 16 Nov
            Total 0 1:00
            Time 1 09:02-10:47
            Project 1 "ä b"
            Mark 1 !
            Note 1 𝄞 note
            Time 0 +0:15
            Unassigned 0 ?
            Time 0 ~0:04
            Private 0 -
            Note 0 6 visits
        "##]]
        .assert_eq(&shown.concat());
    }

    #[test]
    fn the_legend_is_in_the_order_of_the_parts() {
        for (place, (part, _)) in LEGEND.into_iter().enumerate() {
            assert_eq!(part as usize, place);
        }
    }

    #[test]
    fn places_are_counted_as_the_editor_counts() {
        let tokens = tokens(&parse(TEXT), &HashSet::new());
        let note = tokens.iter().find(|token| token.token_type == Part::Note as u32);
        // 𝄞 is two units of UTF-16.
        assert_eq!(note.map(|note| (note.delta_start, note.length)), Some((2, 7)));
    }

    proptest! {
        #[test]
        fn tokens_never_overlap(text in "([#? ]|Mon|16 Nov|09:02-10:47|[+!~-]|0:45|2026-W47|r1|ä|𝄞|\n|\r){0,30}") {
            let parsed = parse(&text);
            let mut end = 0;
            for (bytes, ..) in parts(&parsed, &HashSet::new()) {
                prop_assert!(bytes.start >= end && bytes.end > bytes.start, "{bytes:?}");
                end = bytes.end;
            }
            prop_assert_eq!(tokens(&parsed, &HashSet::new()).len(), parts(&parsed, &HashSet::new()).len());
        }
    }
}
