//! Absorb: a glance at another file does not split the work around it.

use super::{Stretch, Tag, push};
use crate::instant::Length;

/// Gives stretches shorter than `limit` to the project that touches them on both sides.
///
/// Unassigned time may be absorbed but never absorbs; private time does neither. One pass goes from left to right. An
/// absorbed stretch joins the one before it, and the joined stretch is the neighbour of the next. A limit of zero turns
/// it off. The total length stays the same.
#[must_use]
pub fn absorb(stretches: &[Stretch<Tag>], limit: Length) -> Vec<Stretch<Tag>> {
    let mut absorbed: Vec<Stretch<Tag>> = Vec::with_capacity(stretches.len());
    for (index, stretch) in stretches.iter().enumerate() {
        push(&mut absorbed, Some(stretch.span), stretch.tag);
        let next = stretches.get(index + 1);
        let [.., before, this] = absorbed.as_slice() else {
            continue;
        };
        let touched =
            before.span.end() == this.span.start() && next.is_some_and(|next| next.span.start() == this.span.end());
        let same = matches!(before.tag, Tag::Project(_)) && next.is_some_and(|next| next.tag == before.tag);
        if touched && same && this.tag != Tag::Private && this.span.length() < limit {
            let project = before.tag;
            if let Some(this) = absorbed.pop() {
                push(&mut absorbed, Some(this.span), project);
            }
        }
    }
    absorbed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instant::{Instant, Span};
    use crate::timeline::ProjectIndex;

    /// Reads `a60 b10 .5 a30`: seconds of project a, b, a gap, …; `?` is unassigned and `-` private.
    fn read(text: &str) -> Vec<Stretch<Tag>> {
        let mut at = Instant::from_millis(0);
        let mut stretches = Vec::new();
        for word in text.split_whitespace() {
            let (name, seconds) = word.split_at(1);
            let end = at + Length::from_secs(seconds.parse().unwrap());
            let tag = match name {
                "." => None,
                "?" => Some(Tag::Unassigned),
                "-" => Some(Tag::Private),
                name => Some(Tag::Project(ProjectIndex(usize::from(name.as_bytes()[0] - b'a')))),
            };
            if let Some(tag) = tag {
                push(&mut stretches, Span::new(at, end), tag);
            }
            at = end;
        }
        stretches
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(absorb(&read(text), Length::from_minutes(1)), read(expected), "{text}");
    }

    #[test]
    fn a_short_visit_belongs_to_the_work_around_it() {
        check("a600 b59 a600", "a1259");
        check("a600 b60 a600", "a600 b60 a600");
        check("a600 ?30 a600", "a1230");
    }

    #[test]
    fn only_one_and_the_same_project_on_both_sides_absorbs() {
        check("a600 b30 c600", "a600 b30 c600");
        check("?600 b30 ?600", "?600 b30 ?600");
        check("-600 b30 -600", "-600 b30 -600");
        check("a600 -30 a600", "a600 -30 a600");
        check("a600 b30", "a600 b30");
    }

    #[test]
    fn neighbours_must_touch() {
        check("a600 .1 b30 a600", "a600 .1 b30 a600");
        check("a600 b30 .1 a600", "a600 b30 .1 a600");
    }

    #[test]
    fn it_goes_from_left_to_right_and_the_joined_stretch_is_looked_at_next() {
        check("a600 b20 c10 b20 a600", "a1250");
        check("a30 b30 a30 b30 a30", "a150");
        check("a600 b30 a20 b600", "a650 b600");
    }

    #[test]
    fn a_limit_of_zero_turns_it_off() {
        let stretches = read("a600 b1 a600");
        assert_eq!(absorb(&stretches, Length::ZERO), stretches);
    }
}
