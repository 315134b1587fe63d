//! From the text of `keeptab.toml` to a [`Config`], or to the list of what is wrong with it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use chrono::{NaiveTime, Weekday};
use chrono_tz::Tz;
use keeptab_core::billing::{Mode, Per, Policy, Rate, Terms};
use keeptab_core::calendar::Calendar;
use keeptab_core::instant::Length;
use keeptab_core::invoice::{Contact, Language, Org, Party};
use keeptab_core::money::{Currency, Price, Tax, TaxCategory, Unit};
use keeptab_core::rule::{Platform, ProjectId, Rule, RuleSet, Subject, Target};
use keeptab_core::timeline::Counting;
use rust_decimal::Decimal;
use toml_edit::{Document, Item, TableLike};

use super::finding::{Finding, Severity};
use super::section::{Findings, Section, Spanned};
use super::{Business, Client, Config, Inherited, Project};

/// What reading depends on besides the text.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// How paths are compared, and what `~` is.
    pub platform: Platform,
    /// The system's time zone, in force until the config names one.
    pub zone: Tz,
}

/// Reads a config.
///
/// Returns the config, unless something in it is an error, and everything that was found, by line.
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
        let clients = self.clients(&inherited);
        let projects = self.projects(&inherited, &clients);
        let rules = self.rule_set();
        // What is wrong with the business does not hide what is wrong below it.
        Some(Config {
            business: business?,
            counting,
            absorb,
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
        Section::new(item, format!("[{key}]"), range, self.findings)
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
            Section::new(item, name, range, self.findings).map(|section| (id.to_owned(), section))
        };
        table.iter().filter_map(open).collect()
    }

    fn unknown_tables(&self) {
        for (key, _) in self.root.iter() {
            if !["business", "tracking", "client", "project"].contains(&key) {
                let range = self.root.key(key).and_then(toml_edit::Key::span).unwrap_or(0..0);
                let hint = "tables are [business], [tracking], [client.ID] and [project.\"ID\"]";
                self.findings
                    .warning(range, format!("unknown table {key}\nhint: {hint}"));
            }
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

    fn clients(&self, inherited: &Inherited) -> BTreeMap<String, (Client, Inherited)> {
        let mut clients = BTreeMap::new();
        for (id, section) in self.sections("client") {
            let mut own = inherited.clone();
            own.read(&section);
            if let Some(currency) = section.parsed::<Currency>("currency") {
                own.currency = currency;
            }
            let buyer_reference = section.text("buyer_reference").map(|text| text.value);
            let counts_agents = section.text("agent_time").is_some_and(|text| {
                if !["count", "ignore"].contains(&text.value.as_str()) {
                    let hint = "agent_time is \"count\" or \"ignore\"";
                    section.error(text.range, format!("unknown agent_time `{}`\nhint: {hint}", text.value));
                }
                text.value == "count"
            });
            if let Some(party) = party(&section) {
                let client = Client {
                    counts_agents,
                    party,
                    language: own.language,
                    payment_days: own.payment_days,
                    buyer_reference,
                };
                clients.insert(id, (client, own));
            }
            section.close();
        }
        clients
    }

    fn projects(&mut self, inherited: &Inherited, clients: &BTreeMap<String, (Client, Inherited)>) -> Vec<Project> {
        let mut projects = Vec::new();
        for (id, section) in self.sections("project") {
            let client = section.text("client");
            if let Some(client) = client.as_ref().filter(|client| !clients.contains_key(&client.value)) {
                let message = format!("there is no client `{0}`\nhint: add a table [client.{0}]", client.value);
                section.error(client.range.clone(), message);
            }
            let client = client.map(|client| client.value);
            let above = client.as_ref().and_then(|client| clients.get(client));
            let mut own = above.map_or_else(|| inherited.clone(), |(_, own)| own.clone());
            own.read(&section);
            if let Some(currency) = section.parsed::<Currency>("currency") {
                own.currency = currency;
            }
            let terms = Terms {
                project: ProjectId::new(&*id),
                name: section.text("name").map_or_else(|| id.clone(), |text| text.value),
                billable: section.flag("billable").unwrap_or(true) && client.is_some(),
                rates: rates(&section),
                hours_per_day: own.hours_per_day,
                currency: own.currency,
                tax: own.tax,
                policy: own.policy,
            };
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
            section.close();
            projects.push(Project { client, was, terms });
        }
        projects
    }

    fn rule(&mut self, target: Target, subject: Subject, glob: &Spanned<String>) {
        match Rule::new(target, subject, &glob.value, &self.surroundings.platform) {
            Ok(rule) => self.rules.push((rule, glob.range.clone())),
            Err(error) => self
                .findings
                .error(glob.range.clone(), format!("`{}`: {error}", glob.value)),
        }
    }

    fn rule_set(&mut self) -> RuleSet {
        let (rules, ranges): (Vec<Rule>, Vec<Range<usize>>) = std::mem::take(&mut self.rules).into_iter().unzip();
        let rules = RuleSet::new(rules);
        for ambiguity in rules.ambiguities() {
            let first = &rules.rules()[ambiguity.first];
            if let Target::Project(winner) = first.target() {
                let hint = "make one of the two globs longer or more exact";
                let message = format!(
                    "ambiguous: {winner} has `{}`, and comes first\nhint: {hint}",
                    first.text()
                );
                self.findings.warning(ranges[ambiguity.second].clone(), message);
            }
        }
        rules
    }
}

fn business(section: Section<'_>) -> (Option<Business>, Inherited, Option<Calendar>) {
    let party = party(&section);
    let org = section.required("org").and_then(|text| section.parse::<Org>(&text));
    let currency = section
        .required("currency")
        .and_then(|text| section.parse::<Currency>(&text));
    let zone = section.required("time_zone").and_then(|text| {
        let zone = text.value.parse::<Tz>();
        let hint = "write an IANA name such as Europe/Berlin";
        let report = |_| {
            section.error(
                text.range.clone(),
                format!("unknown time zone `{}`\nhint: {hint}", text.value),
            );
        };
        zone.map_err(report).ok()
    });
    let day_start = section.text("day_start").and_then(|text| {
        let time = NaiveTime::parse_from_str(&text.value, "%H:%M");
        let report = |_| {
            section.error(
                text.range.clone(),
                "day_start is not a time\nhint: write it as \"04:00\"",
            );
        };
        time.map_err(report).ok()
    });
    let week_start = section.text("week_start").and_then(|text| {
        let day = text.value.parse::<Weekday>();
        let report = |_| {
            section.error(
                text.range.clone(),
                "week_start is not a day\nhint: write it as \"monday\"",
            );
        };
        day.map_err(report).ok()
    });
    let iban = section.text("iban").and_then(|text| checked_iban(&section, &text));
    let mut inherited = Inherited::default();
    if let Some(currency) = currency {
        inherited.currency = currency;
    }
    inherited.read(&section);
    section.close();
    let business = match (party, org, currency) {
        (Some(party), Some(org), Some(_)) => Some(Business { party, org, iban }),
        _ => None,
    };
    let calendar = zone.map(|zone| Calendar {
        zone,
        day_start: day_start.unwrap_or(NaiveTime::MIN),
        week_start: week_start.unwrap_or(Weekday::Mon),
    });
    (business, inherited, calendar)
}

impl Default for Inherited {
    fn default() -> Self {
        Self {
            currency: Currency::EUR,
            tax: Tax::none(),
            policy: Policy::default(),
            hours_per_day: Decimal::from(8),
            language: Language::En,
            payment_days: 14,
        }
    }
}

impl Inherited {
    /// Takes what a section sets itself; the rest stays as it was inherited.
    fn read(&mut self, section: &Section<'_>) {
        if let Some(tax) = section.section("tax") {
            let category = tax
                .required("category")
                .and_then(|text| tax.parse::<TaxCategory>(&text));
            let rate = tax.decimal("rate").map(|rate| rate.value);
            match category.map(|category| Tax::new(category, rate)) {
                Some(Ok(value)) => self.tax = value,
                Some(Err(error)) => tax.error(tax.range(), error),
                None => {}
            }
            tax.close();
        }
        if let Some(rounding) = section.section("rounding") {
            self.policy = policy(&rounding);
            rounding.close();
        }
        if let Some(hours) = section.decimal("hours_per_day") {
            if hours.value > Decimal::ZERO && hours.value <= Decimal::from(24) {
                self.hours_per_day = hours.value;
            } else {
                section.error(
                    hours.range,
                    "hours_per_day is not between 0 and 24\nhint: write it as \"8\"",
                );
            }
        }
        if let Some(text) = section.text("language") {
            match text.value.as_str() {
                "en" => self.language = Language::En,
                "de" => self.language = Language::De,
                other => section.error(
                    text.range,
                    format!("no invoice in language `{other}`\nhint: there is en and de"),
                ),
            }
        }
        self.payment_days = section.count("payment_days").unwrap_or(self.payment_days);
    }
}

fn party(section: &Section<'_>) -> Option<Party> {
    let optional = |key| section.text(key).map(|text| text.value);
    let contact = section.section("contact").map(|contact| {
        let text = |key| contact.text(key).map(|text| text.value);
        let read = Contact {
            name: text("name"),
            phone: text("phone"),
            email: text("email"),
        };
        contact.close();
        read
    });
    let country = section.text("country").and_then(|text| {
        let fits = text.value.len() == 2 && text.value.bytes().all(|byte| byte.is_ascii_uppercase());
        if !fits {
            let hint = "write the two letters of ISO 3166, such as DE or US";
            section.error(text.range, format!("unknown country `{}`\nhint: {hint}", text.value));
        }
        fits.then_some(text.value)
    });
    Some(Party {
        name: section.required("name")?.value,
        address: section.texts("address").into_iter().map(|line| line.value).collect(),
        postcode: optional("postcode"),
        city: optional("city"),
        country,
        vat_id: optional("vat_id"),
        tax_number: optional("tax_number"),
        registration: optional("registration"),
        contact,
    })
}

fn policy(section: &Section<'_>) -> Policy {
    let choice = |key, words: [&'static str; 3]| {
        let text = section.text(key)?;
        let index = words.iter().position(|word| *word == text.value);
        if index.is_none() {
            let message = format!(
                "unknown {key} `{}`\nhint: {key} is one of {}",
                text.value,
                words.join(", ")
            );
            section.error(text.range, message);
        }
        index
    };
    Policy {
        increment: section.length("increment").unwrap_or_default(),
        mode: match choice("mode", ["nearest", "up", "down"]) {
            Some(1) => Mode::Up,
            Some(2) => Mode::Down,
            _ => Mode::Nearest,
        },
        per: match choice("per", ["line", "day", "session"]) {
            Some(1) => Per::Day,
            Some(2) => Per::Session,
            _ => Per::Line,
        },
        minimum: section.length("minimum").unwrap_or_default(),
    }
}

/// Reads `rate`: one number for all time, or a list with first days.
fn rates(section: &Section<'_>) -> Vec<Rate> {
    let unit = unit(section).unwrap_or(Unit::Hour);
    let mut rates = Vec::new();
    let single = section.number_or_tables("rate", |step| {
        let from = step.date("from");
        let unit = self::unit(step).unwrap_or(unit);
        let price = step.decimal("rate").and_then(|rate| price(step, rate));
        rates.extend(price.map(|price| Rate { from, price, unit }));
    });
    let price = single.and_then(|rate| price(section, rate));
    rates.extend(price.map(|price| Rate {
        from: None,
        price,
        unit,
    }));
    rates.sort_by_key(|rate| rate.from);
    rates
}

fn unit(section: &Section<'_>) -> Option<Unit> {
    let text = section.text("unit")?;
    match text.value.as_str() {
        "hour" => Some(Unit::Hour),
        "day" => Some(Unit::Day),
        other => {
            section.error(
                text.range,
                format!("unknown unit `{other}`\nhint: a rate is by the \"hour\" or the \"day\""),
            );
            None
        }
    }
}

fn price(section: &Section<'_>, rate: Spanned<Decimal>) -> Option<Price> {
    let report = |error: keeptab_core::money::MoneyError| section.error(rate.range.clone(), error);
    Price::try_from(rate.value).map_err(report).ok()
}

/// Checks the digits of an IBAN (ISO 13616: the whole, its first four characters moved to the end, is 1 modulo 97).
fn checked_iban(section: &Section<'_>, text: &Spanned<String>) -> Option<String> {
    let iban: String = text.value.split_whitespace().collect();
    let mut rearranged = iban.get(4..).into_iter().chain(iban.get(..4)).flat_map(str::chars);
    let remainder = rearranged.try_fold(0, |remainder: u32, letter| {
        let digit = letter.to_digit(36)?;
        Some((remainder * if digit > 9 { 100 } else { 10 } + digit) % 97)
    });
    let fits = (15..=34).contains(&iban.len()) && remainder == Some(1);
    if !fits {
        section.error(
            text.range.clone(),
            format!("`{iban}` is not an IBAN\nhint: a digit is wrong or missing"),
        );
    }
    fits.then_some(iban)
}

#[cfg(test)]
mod tests;
