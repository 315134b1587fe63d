//! Recent matches of a glob, and the rules that take precedence over it.

use std::collections::BTreeMap;
use std::fmt;

use keeptab_core::entity::Entity;
use keeptab_core::instant::Length;
use keeptab_core::rule::{ProjectId, Rule, Subject, Target};
use keeptab_engine::{Lately, Proof};

/// The most files to list.
const MOST: usize = 5;

/// A glob and its place in the config.
pub(super) struct GlobAt {
    pub(super) text: String,
    pub(super) target: Target,
    pub(super) subject: Subject,
}

/// The things worked on, and for how long.
#[derive(Default)]
struct Took<'t> {
    week: Length,
    month: Length,
    things: Vec<&'t Lately>,
}

impl<'t> Took<'t> {
    fn add(&mut self, thing: &'t Lately) {
        self.week += thing.week;
        self.month += thing.month;
        self.things.push(thing);
    }

    fn with(mut self, thing: &'t Lately) -> Self {
        self.add(thing);
        self
    }

    /// Lists the things with the most time, relative to the folder that the glob names; `None` if there are none.
    fn files(&self, rule: &Rule) -> Option<String> {
        let literal = rule.prefix();
        let folder = literal
            .rfind('/')
            .and_then(|slash| literal.get(..=slash))
            .unwrap_or_default();
        let line = |thing: &&Lately| {
            let (Entity::Path(text) | Entity::Url(text)) = &thing.entity else {
                return None;
            };
            let shown = text
                .strip_prefix(folder)
                .filter(|rest| !rest.is_empty())
                .unwrap_or(text);
            (!thing.month.is_zero()).then(|| format!("- {} `{shown}`", thing.month))
        };
        let lines: Vec<String> = self.things.iter().filter_map(line).take(MOST).collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }
}

impl fmt::Display for Took<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} this week, {} in 30 days", self.week, self.month)
    }
}

impl GlobAt {
    /// Describes the form in which the glob is compared, its matches, and the ones that other rules took.
    pub(super) fn describe(&self, proof: &Proof, touched: &[Lately]) -> String {
        let set = &proof.config.rules;
        let rules = set.rules();
        let is_it =
            |rule: &Rule| rule.text() == self.text && *rule.target() == self.target && rule.subject() == self.subject;
        let Some(index) = rules.iter().position(is_it) else {
            return format!("`{}`\n\nnot in force: the config is broken", self.text);
        };
        let rule = &rules[index];
        let matched = touched.iter().filter(|thing| set.is_match(index, &thing.entity));
        if rule.is_exception() {
            let took = matched.fold(Took::default(), Took::with);
            return format!("`{}`\n\n**not for {}**: {took}", rule.glob(), name(&self.target));
        }
        let mut own = Took::default();
        let mut excepted = Took::default();
        let mut others = BTreeMap::<usize, Took>::new();
        for thing in matched {
            match set.winner(&thing.entity) {
                Some(winner) if winner == index => own.add(thing),
                Some(winner) if rules[winner].target() != rule.target() => others.entry(winner).or_default().add(thing),
                // Another glob of the same project counts it as well.
                Some(_) => {}
                None => excepted.add(thing),
            }
        }
        let mut lines = vec![
            format!("`{}`", rule.glob()),
            format!("**{}**: {own}", name(&self.target)),
        ];
        lines.extend(rule.real_glob().map(|glob| format!("without symbolic links `{glob}`")));
        lines.extend(own.files(rule));
        let before = |other: &Rule| format!("`{}` of {} comes before it", other.text(), name(other.target()));
        lines.extend(
            others
                .iter()
                .map(|(other, took)| format!("{}: {took}", before(&rules[*other]))),
        );
        let always = set.outranking(index).filter(|other| other.target() != rule.target());
        lines.extend(always.filter(|_| others.is_empty()).map(before));
        if !excepted.month.is_zero() {
            lines.push(format!("exceptions take out {excepted}"));
        }
        lines.join("\n\n")
    }
}

fn name(target: &Target) -> String {
    match target {
        Target::Project(project) => ProjectId::to_string(project),
        Target::Ignore => "ignored".to_owned(),
    }
}
