//! The instants that entries count: laws over thousands of generated entries, each against the plain definition, instant
//! by instant.

#![allow(missing_docs, reason = "tests")]

mod counting;
mod examples;
mod rows;
mod taken;

use std::collections::BTreeSet;

use keeptab_core::instant::{Instant, Span};
use proptest::prelude::*;

/// All instants of the generated time.
const INSTANTS: i64 = 60;

fn span(start: i64, end: i64) -> Span {
    Span::new(Instant::from_millis(start), Instant::from_millis(end)).unwrap()
}

fn any_span() -> impl Strategy<Value = Span> {
    (0..INSTANTS - 1, 1..20_i64).prop_map(|(start, length)| span(start, (start + length).min(INSTANTS)))
}

/// Returns the instants of spans.
fn instants<'s>(spans: impl IntoIterator<Item = &'s Span>) -> BTreeSet<i64> {
    let each = |span: &Span| span.start().millis()..span.end().millis();
    spans.into_iter().flat_map(each).collect()
}
