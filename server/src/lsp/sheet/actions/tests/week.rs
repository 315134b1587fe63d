//! Weeks to offer actions on.

use chrono::NaiveDate;
use keeptab_core::billing::{Grouping, Policy, Terms};
use keeptab_core::calendar::{Calendar, Week as Number};
use keeptab_core::correction::To;
use keeptab_core::entry::{Entry, EntryId};
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::money::{Currency, Tax};
use keeptab_core::rule::ProjectId;
use keeptab_core::timesheet::{Heading, Parsed, Piece, Revision, Sheet, parse, print, review};
use keeptab_engine::{About, Checked, Doubt, Offered, Usual};

/// A week in Berlin as written, and the user's text of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Week {
    pieces: Vec<Piece>,
    entries: Vec<(Entry, Length, Option<String>)>,
    doubts: Vec<Doubt>,
    usual: Vec<Usual>,
    pub(super) text: String,
}

/// The first day, a Monday.
pub(super) const MONDAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 16).unwrap();

/// Returns an instant of Monday by the clock: hours, minutes, and seconds that no sheet shows.
pub(super) fn at(hours: i64, minutes: i64, seconds: i64) -> Instant {
    let midnight = Calendar::new(chrono_tz::Europe::Berlin).day(MONDAY).start();
    midnight + Length::from_secs((hours * 60 + minutes) * 60 + seconds)
}

pub(super) fn span(from: Instant, to: Instant) -> Span {
    Span::new(from, to).unwrap()
}

pub(super) fn to(id: &str) -> To {
    match id {
        "?" => To::Unassigned,
        "-" => To::Private,
        id => To::Project(ProjectId::new(id)),
    }
}

impl Week {
    /// Adds captured time; `words` are the note, the root of unassigned time.
    pub(super) fn piece(mut self, span: Span, id: &str, words: Option<&str>) -> Self {
        let words = words.map(str::to_owned);
        let (note, hint) = if id == "?" { (None, words) } else { (words, None) };
        self.pieces.push(Piece {
            span,
            to: to(id),
            note,
            billable: true,
            billed: None,
            hint,
        });
        self.printed()
    }

    /// Bills the time that was added last.
    pub(super) fn billed(mut self) -> Self {
        self.pieces.last_mut().unwrap().billed = Some("JDS-202611-0001".into());
        self.printed()
    }

    pub(super) fn entry(mut self, id: i64, span: Span, project: &str) -> Self {
        let entry = Entry {
            project: Some(ProjectId::new(project)),
            ..Entry::new(EntryId(id), MONDAY, Some(span), span.length())
        };
        self.entries.push((entry, span.length(), None));
        self.printed()
    }

    pub(super) fn doubt(mut self, text: &str, span: Span, about: About) -> Self {
        let calendar = Calendar::new(chrono_tz::Europe::Berlin);
        self.doubts.push(Doubt {
            text: text.to_owned(),
            day: calendar.day_of(span.start()),
            span,
            about,
        });
        self.printed()
    }

    pub(super) fn usual(mut self, when: &str, span: Span) -> Self {
        let mut week = self.clone().doubt(&format!("{when}  away: a call?"), span, About::Away);
        let (when, doubt) = (when.to_owned(), week.doubts.pop().unwrap());
        self.usual.push(Usual { when, doubt });
        self.printed()
    }

    /// Edits the text.
    pub(super) fn replace(mut self, old: &str, new: &str) -> Self {
        assert!(self.text.contains(old), "no {old} in\n{}", self.text);
        self.text = self.text.replace(old, new);
        self
    }

    fn printed(mut self) -> Self {
        self.text = print(&self.sheet());
        self
    }

    fn sheet(&self) -> Sheet {
        let heading = Heading {
            revision: Revision(7),
            unbilled: Vec::new(),
            doubts: self.doubts.iter().map(|doubt| doubt.text.clone()).collect(),
            usual: self.usual.iter().map(|usual| usual.when.clone()).collect(),
        };
        Sheet::of(
            Number::of(MONDAY),
            &Calendar::new(chrono_tz::Europe::Berlin),
            heading,
            self.pieces.clone(),
            self.entries.clone(),
        )
    }

    pub(super) fn parsed(&self) -> Parsed {
        parse(&self.text)
    }

    /// Compares the text as the engine does.
    pub(super) fn checked(&self) -> Checked {
        let projects = ["acme/api", "acme/web", "globex", "two words"]
            .map(ProjectId::new)
            .to_vec();
        let base = self.sheet();
        Checked {
            review: review(&base, &self.parsed(), &base, &projects),
            now: base.clone(),
            base,
            doubts: self.doubts.clone(),
            usual: self.usual.clone(),
            owed: Vec::new(),
            projects: projects.into_iter().map(offered).collect(),
            rates: std::collections::BTreeMap::new(),
        }
    }
}

fn offered(project: ProjectId) -> Offered {
    Offered {
        client: None,
        terms: Terms {
            name: project.to_string(),
            project,
            billable: true,
            rates: Vec::new(),
            hours_per_day: 8.into(),
            quantity_decimals: None,
            currency: Currency::EUR,
            tax: Tax::none(),
            policy: Policy::default(),
            grouping: Grouping::Project,
        },
    }
}
