//! The user's `keeptab.toml`: read with every mistake named by line, edited without losing a comment.

mod abroad;
mod country;
mod edit;
mod finding;
mod fix;
pub mod keys;
mod lacking;
mod links;
pub mod outline;
mod read;
mod section;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use chrono::Datelike as _;
use keeptab_core::billing::{Grouping, Per, Policy, Terms};
use keeptab_core::calendar::Calendar;
use keeptab_core::instant::Length;
use keeptab_core::invoice::{AppendixPolicy, CashDiscount, Format, Language, MonthEnd, Org, Party};
use keeptab_core::money::{Currency, Tax};
use keeptab_core::rule::{NamedRoot, ProjectId, RuleSet};
use keeptab_core::timeline::{Counting, ProjectIndex, Tag};
use sha2::{Digest as _, Sha256};

pub use country::countries;
pub use edit::{Adopted, AdoptedProject, Assigned, Beginning, Edit, Place, SCHEMA_URL, Written, slug};
pub use finding::{Finding, Severity};
pub use fix::Fix;
pub use lacking::Lack;
pub use links::{Links, look};
pub use read::{Surroundings, read};

/// Rises with each change to counting, so that days cached by an earlier version are computed again.
const COUNTING_VERSION: u32 = 3;

/// The checked config. Only [`read`] makes one, and only from a text without errors.
#[derive(Clone, Debug)]
pub struct Config {
    /// The user's business; `None` before `keeptab init`.
    pub business: Option<Business>,
    /// The settings for counting time.
    pub counting: Counting,
    /// Stretches shorter than this go to their neighbours.
    pub absorb: Length,
    /// True if a timesheet folds gaps at the time of day of earlier breaks into one line.
    pub folds_usual: bool,
    /// Days, weeks and months.
    pub calendar: Calendar,
    /// The rules that name a path's or URL's project.
    pub rules: RuleSet,
    /// The clients, by id.
    pub clients: BTreeMap<String, Client>,
    /// The projects, in the order of the config.
    pub projects: Vec<Project>,
    counting_hash: OnceLock<i64>,
}

/// The user's own business.
#[derive(Clone, Debug)]
pub struct Business {
    /// The party as printed on invoices.
    pub party: Party,
    /// Its name in invoice numbers.
    pub org: Org,
    /// The currency in which it owes tax (BT-6).
    pub tax_currency: Currency,
}

/// A client, with the settings it inherits from the business.
#[derive(Clone, Debug)]
pub struct Client {
    /// The party as printed on invoices.
    pub party: Party,
    /// The texts and forms of its invoices.
    pub paper: Paper,
    /// The currency of fees and expenses.
    pub currency: Currency,
    /// The tax on fees and expenses.
    pub tax: Tax,
    /// True if it does not inherit that tax.
    pub has_own_tax: bool,
    /// Its own reference, such as a German *Leitweg-ID*.
    pub buyer_reference: Option<String>,
    /// The number of its order.
    pub order_reference: Option<String>,
    /// The number of its contract.
    pub contract_reference: Option<String>,
    /// Its reference of the project, for projects without one of their own.
    pub project_reference: Option<String>,
    /// The number by which this client knows the business (BT-29).
    pub supplier_number: Option<String>,
    /// True if agents' time counts for instants that no human time covers.
    pub counts_agents: bool,
}

/// Settings of whole invoices, inherited from business to client.
#[derive(Clone, Debug, Default)]
pub struct Paper {
    /// The language.
    pub language: Language,
    /// Its own name of the tax.
    pub tax_name: Option<String>,
    /// Days to pay.
    pub payment_days: u32,
    /// The month's end in the terms of payment.
    pub month_end: Option<MonthEnd>,
    /// The account to be paid to.
    pub account: Option<Account>,
    /// The terms of payment as free text.
    pub terms: Option<String>,
    /// The discount for early payment.
    pub cash_discount: Option<CashDiscount>,
    /// Further notes, a paragraph each.
    pub notes: Vec<String>,
    /// The detail of the appendix.
    pub appendix: AppendixPolicy,
    /// The file of the logo, as written in the config.
    pub logo: Option<String>,
    /// The file of the layout, as written in the config.
    pub template: Option<String>,
    /// The font files, as written in the config.
    pub fonts: Vec<String>,
    /// The formats to render; the PDF is always one of them.
    pub formats: Vec<Format>,
}

/// A bank account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its number, without spaces.
    pub iban: String,
    /// Its bank.
    pub bic: Option<String>,
}

/// A project, with the settings it inherits from client and business.
#[derive(Clone, Debug)]
pub struct Project {
    /// The client's id; without one its time counts but is not billable.
    pub client: Option<String>,
    /// Ids that it had before.
    pub was: Vec<ProjectId>,
    /// The meaning of saves that other programs make in its folders.
    pub watch: Watch,
    /// The client's reference of it.
    pub reference: Option<String>,
    /// The agreed time in all.
    pub budget: Option<Length>,
    /// The billing terms.
    pub terms: Terms,
}

/// The meaning of a save in a project's folders that no editor reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watch {
    /// Saves are not watched.
    Off,
    /// Evidence beside the timeline: some program was at work.
    Evidence,
    /// Evidence that the person was at work.
    Human,
}

/// Settings that clients inherit from the business, and projects from their client.
#[derive(Clone, Debug)]
struct Inherited {
    currency: Currency,
    tax: Tax,
    policy: Policy,
    hours_per_day: rust_decimal::Decimal,
    quantity_decimals: Option<u32>,
    grouping: Grouping,
    paper: Paper,
}

impl Config {
    /// Returns the config for a home without one: all time is tracked, none can be billed.
    #[must_use]
    pub fn empty(zone: chrono_tz::Tz) -> Self {
        Self {
            business: None,
            counting: Counting::default(),
            absorb: Length::from_minutes(1),
            folds_usual: true,
            calendar: Calendar::new(zone),
            rules: RuleSet::default(),
            clients: BTreeMap::new(),
            projects: Vec::new(),
            counting_hash: OnceLock::new(),
        }
    }

    /// Adds the names of workspace roots and the targets of symbolic links, with which rules are compared.
    #[must_use]
    pub fn placed(self, roots: &[NamedRoot], links: Links) -> Self {
        Self {
            rules: self.rules.with_roots(roots).with_links(links),
            counting_hash: OnceLock::new(),
            ..self
        }
    }

    /// Returns the project with an id.
    #[must_use]
    pub fn project(&self, id: &ProjectId) -> Option<&Project> {
        self.projects.iter().find(|project| &project.terms.project == id)
    }

    /// Returns the index in [`Config::projects`] of the project that has an id, or had it before it was renamed.
    #[must_use]
    pub fn index_of(&self, id: &ProjectId) -> Option<usize> {
        let is_it = |project: &Project| &project.terms.project == id;
        let was_it = |project: &Project| project.was.contains(id);
        let now = self.projects.iter().position(is_it);
        now.or_else(|| self.projects.iter().position(was_it))
    }

    /// Returns the tag of a project; one that is gone from the config is unassigned until it comes back.
    #[must_use]
    pub fn tag_of(&self, project: &ProjectId) -> Tag {
        self.index_of(project)
            .map_or(Tag::Unassigned, |index| Tag::Project(ProjectIndex(index)))
    }

    /// Returns the present id of a project that an older record names.
    #[must_use]
    pub fn present(&self, id: &ProjectId) -> ProjectId {
        let project = self.index_of(id).and_then(|index| self.projects.get(index));
        project.map_or_else(|| id.clone(), |project| project.terms.project.clone())
    }

    /// Returns whether agents' time counts for a tag.
    #[must_use]
    pub fn counts_agents(&self, tag: Tag) -> bool {
        let Tag::Project(ProjectIndex(index)) = tag else {
            return false;
        };
        let client = self.projects.get(index).and_then(|project| project.client.as_ref());
        client
            .and_then(|client| self.clients.get(client))
            .is_some_and(|client| client.counts_agents)
    }

    /// Returns whether any client counts agents' time.
    #[must_use]
    pub fn counts_any_agents(&self) -> bool {
        self.clients.values().any(|client| client.counts_agents)
    }

    /// Returns true if the notes of a project's time decide how it is billed.
    #[must_use]
    pub fn bills_by_note(&self) -> bool {
        let by_note = |terms: &Terms| terms.grouping == Grouping::Note || terms.policy.per == Per::Note;
        self.projects.iter().any(|project| by_note(&project.terms))
    }

    /// Returns true if the time of a calendar month is worth the same whatever its days: nothing is rounded by day or by
    /// session, no line is one of a day, and no rate begins within a month.
    #[must_use]
    pub fn bills_by_month(&self) -> bool {
        let by_month = |terms: &Terms| {
            let rounds = !terms.policy.increment.is_zero() || !terms.policy.minimum.is_zero();
            terms.grouping == Grouping::Project
                && (terms.policy.per == Per::Line || !rounds && terms.policy.per != Per::Note)
                && terms
                    .rates
                    .iter()
                    .all(|rate| rate.from.is_none_or(|from| from.day() == 1))
        };
        self.projects.iter().all(|project| by_month(&project.terms))
    }

    /// Returns the longest gap after a heartbeat in which time can be credited to it.
    #[must_use]
    pub fn reach(&self) -> Length {
        self.counting.idle_timeout.max(self.counting.tail)
    }

    /// Returns a hash of all that decides how captured time is counted and tagged; a rate or an address is not in it.
    #[must_use]
    pub fn counting_hash(&self) -> i64 {
        *self.counting_hash.get_or_init(|| self.hash_counting())
    }

    fn hash_counting(&self) -> i64 {
        let mut hash = Sha256::new();
        let Counting { idle_timeout, tail } = self.counting;
        hash.update(format!(
            "{COUNTING_VERSION} {} {} {}",
            idle_timeout.millis(),
            tail.millis(),
            self.absorb.millis()
        ));
        hash.update(format!("\nagents {}", self.counts_any_agents()));
        for project in &self.projects {
            hash.update(format!("\nproject {}", project.terms.project));
        }
        for rule in self.rules.rules() {
            hash.update(format!(
                "\nrule {:?} {:?} {} {}",
                rule.target(),
                rule.subject(),
                rule.text(),
                rule.glob()
            ));
        }
        for (folder, real) in self.rules.links() {
            hash.update(format!("\nlink {folder:?} {real:?}"));
        }
        for root in self.rules.roots() {
            hash.update(format!("\nroot {root:?}"));
        }
        let bytes = hash.finalize();
        bytes.iter().take(8).fold(0, |hash, byte| hash << 8 | i64::from(*byte))
    }
}
