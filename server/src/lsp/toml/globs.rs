//! What a glob matched lately, and which other rule comes before it.

use keeptab_core::entity::Entity;
use keeptab_core::instant::Length;
use keeptab_core::rule::{ProjectId, Rule, Subject, Target};

use crate::engine::{Lately, Proof};

/// Files that are listed.
const MOST: usize = 5;

/// A glob where it stands.
pub(super) struct GlobAt {
    pub(super) text: String,
    pub(super) target: Target,
    pub(super) subject: Subject,
}

#[derive(Clone, Copy, Default)]
struct Sum {
    week: Length,
    lately: Length,
}

impl Sum {
    fn add(&mut self, thing: &Lately) {
        self.week += thing.week;
        self.lately += thing.lately;
    }

    fn words(self) -> String {
        format!("{} this week, {} in 30 days", self.week, self.lately)
    }
}

impl GlobAt {
    /// Says what the glob is compared as, what it matched, and what other rules took of that.
    pub(super) fn describe(&self, proof: &Proof, touched: &[Lately]) -> String {
        let rules = proof.config.rules.rules();
        let is_it =
            |rule: &Rule| rule.text() == self.text && *rule.target() == self.target && rule.subject() == self.subject;
        let Some(index) = rules.iter().position(is_it) else {
            return format!("`{}`\n\nnot in force: the config is broken", self.text);
        };
        let rule = &rules[index];
        let mut text = format!("`{}`\n\n", rule.glob());
        let matched: Vec<&Lately> = touched.iter().filter(|thing| rule.is_match(&thing.entity)).collect();
        if rule.is_exception() {
            let mut all = Sum::default();
            matched.iter().for_each(|thing| all.add(thing));
            text.push_str(&format!("**not for {}**: {}\n", name(&self.target), all.words()));
            text.push_str(&files(rule, &matched));
            return text;
        }
        let mut own = Sum::default();
        let mut mine = Vec::new();
        let mut others: Vec<(&Rule, Sum)> = Vec::new();
        let mut excepted = Sum::default();
        for thing in matched {
            match proof.config.rules.winner(&thing.entity) {
                Some(winner) if winner == index => {
                    own.add(thing);
                    mine.push(thing);
                }
                Some(winner) if rules[winner].target() != rule.target() => {
                    let other = others
                        .iter_mut()
                        .find(|(other, _)| std::ptr::eq(*other, &rules[winner]));
                    match other {
                        Some((_, sum)) => sum.add(thing),
                        None => {
                            let mut sum = Sum::default();
                            sum.add(thing);
                            others.push((&rules[winner], sum));
                        }
                    }
                }
                // Another glob of the same project counts it as well.
                Some(_) => {}
                None => excepted.add(thing),
            }
        }
        text.push_str(&format!("**{}**: {}\n", name(&self.target), own.words()));
        text.push_str(&files(rule, &mine));
        for (other, sum) in &others {
            let line = format!(
                "\n`{}` of {} comes before it: {}\n",
                other.text(),
                name(other.target()),
                sum.words()
            );
            text.push_str(&line);
        }
        let before = proof.config.rules.outranking(index);
        let before = before.filter(|before| before.target() != rule.target() && others.is_empty());
        if let Some(before) = before {
            text.push_str(&format!(
                "\n`{}` of {} comes before it\n",
                before.text(),
                name(before.target())
            ));
        }
        if !excepted.lately.is_zero() {
            text.push_str(&format!("\nexceptions take out {}\n", excepted.words()));
        }
        text
    }
}

fn name(target: &Target) -> String {
    match target {
        Target::Project(project) => ProjectId::to_string(project),
        Target::Ignore => "ignored".to_owned(),
    }
}

/// Lists what was worked on the longest, from the folder on that the glob names.
fn files(rule: &Rule, matched: &[&Lately]) -> String {
    let literal = rule.glob().split(['*', '?', '[', '{']).next().unwrap_or_default();
    let folder = &literal[..literal.rfind('/').map_or(0, |slash| slash + 1)];
    let mut lines = String::new();
    for thing in matched.iter().take(MOST).filter(|thing| !thing.lately.is_zero()) {
        let (Entity::Path(text) | Entity::Url(text)) = &thing.entity else {
            continue;
        };
        let shown = text
            .strip_prefix(folder)
            .filter(|rest| !rest.is_empty())
            .unwrap_or(text);
        lines.push_str(&format!("- {} `{shown}`\n", thing.lately));
    }
    if lines.is_empty() { lines } else { format!("\n{lines}") }
}
