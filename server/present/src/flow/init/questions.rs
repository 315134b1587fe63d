//! The questions of the setup, and how they are asked: one after another, each checked at once, with a way back.

use anyhow::Result;
use keeptab_config::Place;
use keeptab_engine::usual_zone;
use keeptab_system::home::Home;

use super::read::{account, anything, country, currency, email, org, percent, price, vat_id, zone};
use super::usual::{initials, usual_in, zone_of};
use super::{Answers, kept};
use crate::flow::{Ask, Input};

macro_rules! questions {
    ($($slot:ident, $needed:literal, $read:ident $(of $country:ident)?, $after:ident, $usual:ident, $prompt:expr;)*) => {
        &[$(Question {
            prompt: $prompt,
            needed: $needed,
            slot: |answers| &mut answers.$slot,
            read: |text: &str, answers: &Answers| {
                let _ = answers;
                $read(text $(, answers.$country.as_deref())?)
            },
            after: After::$after,
            usual: Usual::$usual,
        }),*]
    };
}

/// The questions about a new client alone.
const CLIENT: &[Question] = questions![
    client, true, anything, Any, Nothing, "Name of the client, as on its invoices";
    client_address, false, anything, Any, Nothing, "Street and number";
    client_postcode, false, anything, Any, Nothing, "Postal code";
    client_city, true, anything, Any, Nothing, "City";
    client_country, true, country, Any, SameCountry, "Country, two letters";
    client_vat_id, false, vat_id of client_country, Any, Nothing, "VAT id, if it has one";
    client_email, false, email, Any, Nothing, "E-mail address to which its invoices go";
];

/// The questions about a new project of a client.
const PROJECT: &[Question] = questions![
    project, true, anything, Any, FolderName, "Name of the project, as on invoices";
    rate, false, price, Any, Nothing, "Hourly rate, empty where there is none";
    folder, false, anything, Any, Folder, "Folder in which you work on it, such as ~/work/api";
];

/// The question that begins those about the first client.
const FIRST_CLIENT: &str = "Your first client, empty to add one later";
/// The question for the VAT id of the business.
const VAT_ID: &str = "VAT id, if you have one";
/// The answer that goes back to the question before.
const BACK: &str = "<";
/// The answer that leaves out what is proposed.
const NONE: &str = "-";

/// A question.
struct Question {
    prompt: &'static str,
    needed: bool,
    /// The place of its answer.
    slot: fn(&mut Answers) -> &mut Option<String>,
    /// Reads an answer, given those before it: as the config has it, or the reason why it is wrong.
    read: fn(&str, &Answers) -> Result<String>,
    after: After,
    usual: Usual,
}

/// The condition for asking a question.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    /// Always.
    Any,
    /// There is no VAT id: the law and the electronic invoice ask for another number.
    Tax,
    /// The setup has a client.
    Client,
    /// The setup has a project.
    Project,
}

/// The answer that is proposed to whoever gave none before.
#[derive(Clone, Copy)]
enum Usual {
    Nothing,
    /// The initials of the business.
    Initials,
    /// The country of the time zone.
    Country,
    /// The currency of the time zone.
    Currency,
    /// The system's time zone.
    Zone,
    /// The country of the business.
    SameCountry,
    /// The folder in which the setup was begun.
    Folder,
    /// Its name.
    FolderName,
}

const QUESTIONS: &[Question] = questions![
    name, true, anything, Any, Nothing, "Name of your business";
    org, true, org, Any, Initials, "Short name for invoice numbers: capital letters and digits";
    address, false, anything, Any, Nothing, "Street and number";
    postcode, false, anything, Any, Nothing, "Postal code";
    city, true, anything, Any, Nothing, "City";
    country, true, country, Any, Country, "Country, two letters";
    vat_id, false, vat_id of country, Any, Nothing, VAT_ID;
    email, false, email, Any, Nothing, "Your e-mail address, for questions about invoices";
    iban, false, account, Any, Nothing, "IBAN to be paid to";
    currency, true, currency, Any, Currency, "Currency";
    tax_rate, false, percent, Any, Nothing, "VAT in per cent, empty for none";
    tax_number, false, anything, Tax, Nothing, "Tax number or registration: invoices need one without a VAT id";
    time_zone, true, zone, Any, Zone, "Time zone";
    client, false, anything, Any, Nothing, FIRST_CLIENT;
    client_address, false, anything, Client, Nothing, "The client's street and number";
    client_postcode, false, anything, Client, Nothing, "The client's postal code";
    client_city, true, anything, Client, Nothing, "The client's city";
    client_country, true, country, Client, SameCountry, "The client's country, two letters";
    client_vat_id, false, vat_id of client_country, Client, Nothing, "The client's VAT id, if it has one";
    client_email, false, email, Client, Nothing, "E-mail address to which its invoices go";
    project, false, anything, Client, Nothing, "Your project for this client, such as API";
    rate, true, price, Project, Nothing, "Hourly rate";
    folder, true, anything, Project, Folder, "Folder in which you work on it, such as ~/work/api";
];

/// Returns the name of a folder or of a glob for one.
fn name_of(folder: &str) -> &str {
    folder
        .trim_end_matches(['/', '*'])
        .rsplit('/')
        .next()
        .unwrap_or_default()
}

/// Asks for what a new client's invoices need and the command did not say. Returns false if the user gave up.
pub async fn ask_for_client(ask: &impl Ask, place: &mut Place) -> bool {
    let country = place.country.clone();
    let read = |text: &str| vat_id(text, country.as_deref());
    let vat_id = ask_one(ask, "The client's VAT id, if it has one", read, &mut place.vat_id).await;
    let asked = "E-mail address to which its invoices go";
    vat_id.is_some() && ask_one(ask, asked, email, &mut place.email).await.is_some()
}

/// Asks until the answer is right or empty, unless it is known. Returns `None` if the user gave up.
async fn ask_one(
    ask: &impl Ask,
    question: &str,
    read: impl Fn(&str) -> Result<String>,
    answer: &mut Option<String>,
) -> Option<()> {
    let mut prompt = question.to_owned();
    while answer.is_none() {
        let (title, value) = ("Add a client".to_owned(), String::new());
        let text = ask.input(Input { title, value, prompt }).await?.trim().to_owned();
        if text.is_empty() || text == NONE {
            break;
        }
        prompt = match read(&text) {
            Ok(text) => {
                *answer = Some(text);
                break;
            }
            Err(problem) => format!("{question}: {}", problem.to_string().replace('\n', "; ")),
        };
    }
    Some(())
}

/// Questions that belong together.
struct List {
    title: &'static str,
    questions: &'static [Question],
}

/// The course of a setup.
struct Course<'a> {
    list: List,
    /// The home in which the answers are kept; `None` keeps none.
    home: Option<&'a Home>,
    answers: &'a mut Answers,
    /// The answers of this setup and of an earlier one that was left, or those in the config: what is proposed.
    kept: Answers,
    /// The questions whose answers came with the command.
    given: Vec<bool>,
    /// The questions that were asked, in order.
    asked: Vec<usize>,
    folder: Option<String>,
}

/// How a question was left.
enum Left {
    Answered,
    Back,
}

impl Answers {
    /// Asks for the missing answers; each is kept at once. Returns false if the user gave up.
    pub async fn ask_rest(&mut self, ask: &impl Ask, home: &Home, folder: Option<String>) -> bool {
        let list = List {
            title: "Set Up Keeptab",
            questions: QUESTIONS,
        };
        let kept = kept::read(home);
        self.course(list, Some(home), kept, folder).ask(ask).await
    }

    /// Asks for the facts about the business again; those of `today` are proposed. Returns false if the user gave up.
    pub async fn ask_again(&mut self, ask: &impl Ask, today: Self) -> bool {
        let about_clients = QUESTIONS.iter().position(is_about_client).unwrap_or(QUESTIONS.len());
        let list = List {
            title: "Change Your Business",
            questions: QUESTIONS.get(..about_clients).unwrap_or_default(),
        };
        let tax_number = today.tax_number.clone();
        let is_whole = self.course(list, None, today, None).ask(ask).await;
        if !is_tax_number_asked(self) {
            self.tax_number = tax_number;
        }
        is_whole
    }

    /// Asks for a new client. Returns false if the user gave up.
    pub(in crate::flow) async fn ask_client(&mut self, ask: &impl Ask) -> bool {
        let list = List {
            title: "New Client",
            questions: CLIENT,
        };
        self.course(list, None, Self::default(), None).ask(ask).await
    }

    /// Asks for a new project, with the folder that is proposed. Returns false if the user gave up.
    pub(in crate::flow) async fn ask_project(&mut self, ask: &impl Ask, folder: Option<String>) -> bool {
        let list = List {
            title: "New Project",
            questions: PROJECT,
        };
        self.course(list, None, Self::default(), folder).ask(ask).await
    }

    fn course<'a>(&'a mut self, list: List, home: Option<&'a Home>, kept: Self, folder: Option<String>) -> Course<'a> {
        Course {
            home,
            kept,
            given: list
                .questions
                .iter()
                .map(|question| (question.slot)(self).is_some())
                .collect(),
            list,
            answers: self,
            asked: Vec::new(),
            folder,
        }
    }
}

/// Returns true if invoices name the tax number.
fn is_tax_number_asked(answers: &Answers) -> bool {
    answers.vat_id.is_none()
}

/// Returns true for the question that begins those about the first client.
fn is_about_client(question: &Question) -> bool {
    question.prompt == FIRST_CLIENT
}

impl Course<'_> {
    /// Asks one question after another. Returns false if the user gave up.
    async fn ask(mut self, ask: &impl Ask) -> bool {
        let questions = self.list.questions;
        let mut index = 0;
        while let Some(question) = questions.get(index) {
            if !self.is_asked(index, question) {
                index += 1;
                continue;
            }
            let later = questions.iter().enumerate().skip(index);
            let later = later
                .filter(|(index, question)| self.is_likely(*index, question))
                .count();
            let step = format!("{} of {}", self.asked.len() + 1, self.asked.len() + later);
            match self.put(ask, question, &step).await {
                None => return false,
                Some(Left::Answered) => {
                    self.asked.push(index);
                    index += 1;
                }
                Some(Left::Back) => index = self.asked.pop().unwrap_or(index),
            }
        }
        true
    }

    fn is_asked(&self, index: usize, question: &Question) -> bool {
        !self.is_given(index)
            && match question.after {
                After::Any => true,
                After::Tax => is_tax_number_asked(self.answers),
                After::Client => self.answers.client.is_some(),
                After::Project => self.answers.client.is_some() && self.answers.project.is_some(),
            }
    }

    fn is_given(&self, index: usize) -> bool {
        self.given.get(index).copied().unwrap_or_default()
    }

    /// Returns whether a later question is counted: as if there will be a client and a project, until one is left out.
    fn is_likely(&self, index: usize, question: &Question) -> bool {
        let client = || self.may_open(After::Client, self.answers.client.as_ref());
        let project = || self.may_open(After::Project, self.answers.project.as_ref());
        match question.after {
            After::Any => self.is_asked(index, question),
            After::Tax => self.is_asked(index, question) && self.has_asked(VAT_ID),
            After::Client => !self.is_given(index) && client(),
            After::Project => !self.is_given(index) && client() && project(),
        }
    }

    fn has_asked(&self, prompt: &str) -> bool {
        let mut asked = self.asked.iter().filter_map(|index| self.list.questions.get(*index));
        asked.any(|question| question.prompt == prompt)
    }

    /// Returns whether the question that comes just before those of a kind was answered, or is still to come.
    fn may_open(&self, kind: After, answer: Option<&String>) -> bool {
        let first = self.list.questions.iter().position(|question| question.after == kind);
        let opener = first.and_then(|first| first.checked_sub(1));
        answer.is_some() || opener.is_some_and(|opener| !self.asked.contains(&opener))
    }

    /// Asks until the answer is right. Returns `None` if the user gave up.
    async fn put(&mut self, ask: &impl Ask, question: &Question, step: &str) -> Option<Left> {
        let proposed = self.proposal(question);
        let none = if question.needed || proposed.is_empty() {
            ""
        } else {
            "; - for none"
        };
        let plain_prompt = format!("{}{none} ({step})", question.prompt);
        let (mut prompt, mut value) = (plain_prompt.clone(), proposed);
        loop {
            let title = format!("{}: {BACK} goes back", self.list.title);
            let proposed = value.clone();
            let input = Input {
                title,
                value: proposed,
                prompt,
            };
            let text = ask.input(input).await?.trim().to_owned();
            if text == BACK {
                return Some(Left::Back);
            }
            let read = match text.as_str() {
                "" | NONE if !question.needed => Ok(None),
                "" | NONE => Err("this is needed".to_owned()),
                text => (question.read)(text, self.answers)
                    .map(Some)
                    .map_err(|error| error.to_string()),
            };
            match read {
                Ok(answer) => {
                    (question.slot)(&mut self.kept).clone_from(&answer);
                    *(question.slot)(self.answers) = answer;
                    if let Some(home) = self.home {
                        kept::keep(home, &self.kept);
                    }
                    return Some(Left::Answered);
                }
                Err(problem) => {
                    prompt = format!("{plain_prompt}: {}", problem.replace('\n', "; "));
                    if ask.edits() && !matches!(text.as_str(), "" | NONE) {
                        value = text;
                    }
                }
            }
        }
    }

    /// Returns what is proposed: the answer of before, of an earlier setup, or what is usual.
    fn proposal(&mut self, question: &Question) -> String {
        let before = (question.slot)(self.answers).clone();
        if let Some(text) = before.or_else(|| (question.slot)(&mut self.kept).clone()) {
            return text;
        }
        let zone = self.home.map_or("Etc/UTC", |home| usual_zone(home).name());
        let usual = match question.usual {
            Usual::Nothing => "",
            Usual::Initials => return initials(self.answers.name.as_deref().unwrap_or_default()),
            Usual::Country => usual_in(zone).0,
            Usual::Currency => usual_in(zone).1,
            Usual::Zone => match self.answers.country.as_deref().and_then(zone_of) {
                Some(of_country) if matches!(zone, "UTC" | "Etc/UTC") => of_country,
                _ => zone,
            },
            Usual::SameCountry => self.answers.country.as_deref().unwrap_or_else(|| usual_in(zone).0),
            Usual::Folder => self.folder.as_deref().unwrap_or_default(),
            Usual::FolderName => name_of(self.folder.as_deref().unwrap_or_default()),
        };
        usual.to_owned()
    }
}
