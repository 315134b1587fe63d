//! The text on the pages of a document, and its positions.

use typst::layout::{Frame, FrameItem, Point};
use typst_layout::PagedDocument;

/// A run of text and its place, in points from the top left corner of its page.
pub(crate) struct Run {
    pub(crate) page: usize,
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) baseline: f64,
    pub(crate) text: String,
}

/// Lists all upright text; the draft mark is not upright.
pub(crate) fn runs(document: &PagedDocument) -> Vec<Run> {
    let mut runs = Vec::new();
    for (page, content) in document.pages().iter().enumerate() {
        collect(&content.frame, Point::zero(), page, &mut runs);
    }
    runs
}

fn collect(frame: &Frame, origin: Point, page: usize, runs: &mut Vec<Run>) {
    for (position, item) in frame.items() {
        let place = origin + *position;
        match item {
            FrameItem::Group(group) if group.transform.kx.is_zero() => {
                let moved = Point::new(group.transform.tx, group.transform.ty);
                collect(&group.frame, place + moved, page, runs);
            }
            FrameItem::Text(text) => runs.push(Run {
                page,
                left: place.x.to_pt(),
                right: (place.x + text.width()).to_pt(),
                baseline: place.y.to_pt(),
                text: text.text.to_string(),
            }),
            _ => {}
        }
    }
}

/// Reads a document as a person does: line by line from left to right, with gaps as bars and page breaks as rules.
pub(crate) fn read(document: &PagedDocument) -> String {
    let mut runs = runs(document);
    let line = |run: &Run| run.baseline.round();
    runs.sort_by(|a, b| {
        let place = a.page.cmp(&b.page).then(line(a).total_cmp(&line(b)));
        place.then(a.left.total_cmp(&b.left))
    });
    let mut out = String::new();
    let mut before: Option<&Run> = None;
    for run in &runs {
        match before {
            Some(before) if before.page < run.page => out.push_str("\n----\n"),
            Some(before) if line(before) < line(run) => out.push('\n'),
            Some(before) if run.left > before.right + 2.0 => out.push_str(" | "),
            None | Some(_) => {}
        }
        out.push_str(&run.text);
        before = Some(run);
    }
    out.push('\n');
    out.replace('\u{a0}', " ")
}
