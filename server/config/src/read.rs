//! From the text of `keeptab.toml` to a [`Config`], or to the list of findings.

mod business;
mod party;
mod terms;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use chrono_tz::Tz;
use keeptab_core::billing::Terms;
use keeptab_core::calendar::Calendar;
use keeptab_core::instant::Length;
use keeptab_core::invoice::Party;
use keeptab_core::rule::{Platform, ProjectId, Rule, RuleSet, Subject, Target, escaped};
use keeptab_core::timeline::Counting;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use toml_edit::{Document, Item, TableLike};

use super::abroad::doubt;
use super::finding::{Finding, Severity};
use super::fix::{Fix, nearest};
use super::keys::{Shape, TABLES};
use super::section::{Findings, Section, Spanned, quoted};
use super::{Client, Config, Inherited, Project, Watch};
use business::business;
use party::party;
use terms::rates;

/// The most letters of a glob that a message shows.
const LONGEST_SHOWN: usize = 200;

/// The inputs of reading besides the text.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The rules for comparing paths, and the home folder for `~`.
    pub platform: Platform,
    /// The system's time zone, in force until the config names one.
    pub zone: Tz,
    /// Returns true if a folder of this name exists.
    pub is_folder: fn(&str) -> bool,
}

/// Reads a config.
///
/// Returns the config, unless the text has an error, and all findings, by line.
#[must_use]
pub fn read(text: &str, surroundings: &Surroundings) -> (Option<Config>, Vec<Finding>) {
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => return (None, vec![syntax_finding(text, &error)]),
    };
    let findings = Findings::new(text);
    let config = Reader::new(document.as_table(), &findings, surroundings).config();
    let findings = findings.into_sorted();
    let broken = findings.iter().any(|finding| finding.severity == Severity::Error);
    (config.filter(|_| !broken), findings)
}

/// Reads a project's budget.
fn hours(section: &Section<'_>) -> Option<Length> {
    let hours = section.decimal("budget_hours")?;
    if (Decimal::ZERO..=Decimal::from(1_000_000)).contains(&hours.value) {
        let millis = hours.value * Decimal::from(3_600_000);
        return millis.trunc().to_i64().map(Length::from_millis);
    }
    let message = "budget_hours is not between 0 and 1000000\nhint: write it as \"10.5\"";
    section.error(hours.range, message);
    None
}

fn syntax_finding(text: &str, error: &toml_edit::TomlError) -> Finding {
    let message = error.message().trim().replace('\n', ", ");
    let hint = if message.contains("duplicate key") {
        "this name is there twice; rename one of the two, or put both into one table"
    } else {
        "a text stands in quotes, a list in [ ], and a table begins with its [name]"
    };
    let range = error.span().unwrap_or(0..0);
    Finding::new(Severity::Error, text, range, format!("{message}\nhint: {hint}"))
}

struct Reader<'t> {
    root: &'t dyn TableLike,
    findings: &'t Findings<'t>,
    surroundings: &'t Surroundings,
    rules: Vec<(Rule, Range<usize>)>,
}

impl<'t> Reader<'t> {
    fn new(root: &'t dyn TableLike, findings: &'t Findings<'t>, surroundings: &'t Surroundings) -> Self {
        Self {
            root,
            findings,
            surroundings,
            rules: Vec::new(),
        }
    }

    fn config(mut self) -> Option<Config> {
        self.unknown_tables();
        let (business, inherited, calendar) = match self.section("business").map(business) {
            Some((business, inherited, calendar)) => (business.map(Some), inherited, calendar),
            None => (
                Some(None),
                Inherited::default(),
                Some(Calendar::new(self.surroundings.zone)),
            ),
        };
        let (counting, absorb) = self.tracking();
        let folds_usual = self.review();
        let seller = business
            .as_ref()
            .and_then(Option::as_ref)
            .map(|business| &business.party);
        let clients = self.clients(&inherited, seller);
        let projects = self.projects(&inherited, &clients);
        let rules = self.rule_set();
        // A mistake in the business does not hide mistakes below it.
        Some(Config {
            business: business?,
            counting,
            absorb,
            folds_usual,
            calendar: calendar?,
            rules,
            clients: clients.into_iter().map(|(id, (client, _))| (id, client)).collect(),
            projects,
            counting_hash: OnceLock::new(),
        })
    }

    fn section(&self, key: &'static str) -> Option<Section<'t>> {
        let (name, item) = self.root.get_key_value(key)?;
        let range = name.span().unwrap_or(0..0);
        Section::new(item, Shape::at(&[key])?, format!("[{key}]"), range, self.findings)
    }

    /// Opens every table below `[key.…]`.
    fn sections(&self, key: &'static str) -> Vec<(String, Section<'t>)> {
        let Some(table) = self.root.get(key).and_then(Item::as_table_like) else {
            return Vec::new();
        };
        let open = |(id, item): (&str, &'t Item)| {
            let name = if id
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter))
            {
                format!("[{key}.{id}]")
            } else {
                format!("[{key}.\"{id}\"]")
            };
            let range = table.key(id).and_then(toml_edit::Key::span).unwrap_or(0..0);
            let section = Section::new(item, Shape::at(&[key, id])?, name, range, self.findings);
            section.map(|section| (id.to_owned(), section))
        };
        table.iter().filter_map(open).collect()
    }

    fn unknown_tables(&self) {
        let names = || TABLES.iter().map(|(name, _)| *name);
        for (key, _) in self.root.iter().filter(|(key, _)| names().all(|name| name != *key)) {
            let range = self.root.key(key).and_then(toml_edit::Key::span).unwrap_or(0..0);
            let hint = "tables are [business], [tracking], [review], [client.ID] and [project.\"ID\"]";
            let message = format!("unknown table {key}\nhint: {hint}");
            let fix = nearest(key, names()).map(str::to_owned).map(Fix::Replace);
            self.findings.add(Severity::Warning, range, message, fix);
        }
    }

    fn tracking(&mut self) -> (Counting, Length) {
        let mut counting = Counting::default();
        let mut absorb = Length::from_minutes(1);
        if let Some(section) = self.section("tracking") {
            counting.idle_timeout = section.length("idle_timeout").unwrap_or(counting.idle_timeout);
            counting.tail = section.length("tail").unwrap_or(counting.tail);
            absorb = section.length("absorb").unwrap_or(absorb);
            for glob in section.texts("ignore") {
                let subject = if glob.value.contains("://") {
                    Subject::Url
                } else {
                    Subject::Path
                };
                self.rule(Target::Ignore, subject, &glob);
            }
            section.close();
        }
        (counting, absorb)
    }

    fn review(&self) -> bool {
        let Some(section) = self.section("review") else {
            return true;
        };
        let usual = section.flag("usual");
        section.close();
        usual.unwrap_or(true)
    }

    fn clients(&self, inherited: &Inherited, seller: Option<&Party>) -> BTreeMap<String, (Client, Inherited)> {
        let mut clients = BTreeMap::new();
        for (id, section) in self.sections("client") {
            let mut own = inherited.clone();
            own.read(&section);
            own.read_for_invoices(&section);
            let text = |key| section.text(key).map(|text| text.value);
            let buyer_reference = text("buyer_reference");
            let order_reference = text("order_reference");
            let contract_reference = text("contract_reference");
            let project_reference = text("project_reference");
            let supplier_number = text("supplier_number");
            let counts_agents = section.word("agent_time") == Some("count");
            let has_own_tax = section.section("tax").is_some();
            if let Some(party) = party(&section) {
                if let (Some(seller), Some(country), false) = (seller, section.text("country"), has_own_tax)
                    && let Some(doubt) = doubt(seller, (&id, &party), own.tax)
                {
                    self.findings.warning(country.range, doubt);
                }
                let client = Client {
                    counts_agents,
                    party,
                    paper: own.paper.clone(),
                    currency: own.currency,
                    tax: own.tax,
                    has_own_tax,
                    buyer_reference,
                    order_reference,
                    contract_reference,
                    project_reference,
                    supplier_number,
                };
                clients.insert(id, (client, own));
            }
            section.close();
        }
        clients
    }

    fn projects(&mut self, inherited: &Inherited, clients: &BTreeMap<String, (Client, Inherited)>) -> Vec<Project> {
        let mut projects = Vec::new();
        // A client that is there and has a mistake of its own is not missing.
        let named = self.root.get("client").and_then(Item::as_table_like);
        let known: Vec<String> = named
            .map(|table| table.iter().map(|(id, _)| id.to_owned()).collect())
            .unwrap_or_default();
        for (id, section) in self.sections("project") {
            let client = section.text("client");
            if let Some(client) = client.as_ref().filter(|client| !known.contains(&client.value)) {
                let message = format!("there is no client `{0}`\nhint: add a table [client.{0}]", client.value);
                let near = nearest(&client.value, known.iter().map(String::as_str));
                let near = near.map(|near| Fix::Replace(quoted(near)));
                let fixes = near.into_iter().chain([Fix::AddClient(client.value.clone())]);
                self.findings.add(Severity::Error, client.range.clone(), message, fixes);
            }
            let client = client.map(|client| client.value);
            let above = client.as_ref().and_then(|client| clients.get(client));
            let mut own = above.map_or_else(|| inherited.clone(), |(_, own)| own.clone());
            own.read(&section);
            if let Some(name) = section.section("tax").and_then(|tax| tax.text("name")) {
                let hint = "set it under [business], or under [client.ID] for one client";
                let message = format!("a project has no name of the tax of its own\nhint: {hint}");
                self.findings.warning(name.range, message);
            }
            let terms = Terms {
                project: ProjectId::new(&*id),
                name: section.text("name").map_or_else(|| id.clone(), |text| text.value),
                billable: section.flag("billable").unwrap_or(true) && client.is_some(),
                rates: rates(&section),
                hours_per_day: own.hours_per_day,
                quantity_decimals: own.quantity_decimals,
                currency: own.currency,
                tax: own.tax,
                policy: own.policy,
                grouping: own.grouping,
            };
            if client.is_none()
                && !terms.rates.is_empty()
                && section.flag("billable").unwrap_or(true)
                && let Some(range) = section.range_of("rate")
            {
                let id = &terms.project;
                let hint = format!("client = \"ID\" below [project.\"{id}\"]; `keeptab client add` adds a client");
                let message =
                    format!("{id} has a rate and no client: its time counts, and is never billed\nhint: {hint}");
                self.findings.warning(range, message);
            }
            let was = section
                .texts("was")
                .into_iter()
                .map(|id| ProjectId::new(id.value))
                .collect();
            let target = Target::Project(ProjectId::new(id));
            for (key, subject) in [("paths", Subject::Path), ("urls", Subject::Url)] {
                for glob in section.texts(key) {
                    self.rule(target.clone(), subject, &glob);
                }
            }
            let watch = match section.flag_or_word("watch") {
                Some("human") => Watch::Human,
                Some("true") => Watch::Evidence,
                _ => Watch::Off,
            };
            let budget = hours(&section);
            let reference = section.text("project_reference").map(|text| text.value);
            section.close();
            projects.push(Project {
                client,
                was,
                watch,
                reference,
                budget,
                terms,
            });
        }
        projects
    }

    fn rule(&mut self, target: Target, subject: Subject, glob: &Spanned<String>) {
        match Rule::new(target, subject, &glob.value, &self.surroundings.platform) {
            Ok(rule) => {
                self.doubt(&rule, glob);
                self.rules.push((rule, glob.range.clone()));
            }
            Err(error) => {
                let start: String = glob.value.chars().take(LONGEST_SHOWN).collect();
                let more = if start == glob.value { "" } else { "…" };
                self.findings
                    .error(glob.range.clone(), format!("`{start}{more}`: {error}"));
            }
        }
    }

    /// Reports a rule that can never match, or does not match the folder it was written for.
    fn doubt(&self, rule: &Rule, glob: &Spanned<String>) {
        let text = &glob.value;
        if let Some(never) = rule.never() {
            self.findings.warning(glob.range.clone(), format!("`{text}`: {never}"));
        }
        let Some((folder, rest)) = rule
            .unescaped()
            .filter(|(folder, _)| (self.surroundings.is_folder)(folder))
        else {
            return;
        };
        let escaped = escaped(&folder) + &rest;
        let mark = if rule.is_exception() { "!" } else { "" };
        let message = format!(
            "`{text}`: brackets stand for one letter, braces for words, and {folder} is a folder\nhint: write {mark}{escaped}"
        );
        let fix = Fix::Replace(quoted(&format!("{mark}{escaped}")));
        self.findings.add(Severity::Warning, glob.range.clone(), message, [fix]);
    }

    fn rule_set(&mut self) -> RuleSet {
        let (rules, ranges): (Vec<Rule>, Vec<Range<usize>>) = std::mem::take(&mut self.rules).into_iter().unzip();
        let rules = RuleSet::new(rules);
        for ambiguity in rules.ambiguities() {
            self.ambiguous(&rules, &ranges, (ambiguity.first, ambiguity.second));
            self.ambiguous(&rules, &ranges, (ambiguity.second, ambiguity.first));
        }
        rules
    }

    /// Reports one of two rules that name the same files, with what would let either win.
    fn ambiguous(&self, rules: &RuleSet, ranges: &[Range<usize>], (here, there): (usize, usize)) {
        let (own, other) = (&rules.rules()[here], &rules.rules()[there]);
        let (Target::Project(mine), Target::Project(theirs)) = (own.target(), other.target()) else {
            return;
        };
        let place = if here < there { "second" } else { "first" };
        let hint = "make one of the two globs longer or more exact, or except one";
        let message = format!(
            "ambiguous: {theirs} has `{}`, and comes {place}\nhint: {hint}",
            other.text()
        );
        let except = |winner: &ProjectId, glob: &Rule, behind: usize| Fix::Except {
            winner: winner.clone(),
            glob: glob.text().to_owned(),
            behind: ranges[behind].clone(),
        };
        let fixes = [except(mine, own, there), except(theirs, other, here)];
        self.findings
            .add(Severity::Warning, ranges[here].clone(), message, fixes);
    }
}

#[cfg(test)]
mod tests;
