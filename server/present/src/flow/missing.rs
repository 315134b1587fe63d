//! The words that a command lacks, asked for one by one.

use super::{Ask, Input, Item, Pick};

/// A word or an option that a command lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The command, such as `invoice cancel`.
    pub command: String,
    /// The ways to give it: one argument, or several of which one is wanted.
    pub ways: Vec<Argument>,
}

/// An argument: a word by its place, an option with its values, or a command within the command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Argument {
    /// The word that begins it, such as `--fee`; none for a word by its place.
    pub word: Option<String>,
    /// The meaning.
    pub help: String,
    /// The names of its values.
    pub values: Vec<String>,
    /// The values that there are, if only these are right.
    pub known: Vec<String>,
}

impl Missing {
    /// Asks for it, after the problem with the last answer, if there is one. Returns the words, or `None` if the user gave up. The way
    /// that is chosen is the only one from then on.
    pub async fn ask(&mut self, ask: &impl Ask, problem: Option<&str>) -> Option<Vec<String>> {
        let title = capital(&self.command);
        let argument = match self.ways.as_slice() {
            [one] => one.clone(),
            several => {
                let item = |(index, way): (usize, &Argument)| Item {
                    label: capital(&way.name()),
                    detail: way.help.clone(),
                    value: index.to_string(),
                };
                let pick = Pick {
                    title: title.clone(),
                    placeholder: "which?".into(),
                    items: several.iter().enumerate().map(item).collect(),
                    ..Pick::default()
                };
                several.get(ask.pick(pick).await?.parse::<usize>().ok()?)?.clone()
            }
        };
        self.ways = vec![argument.clone()];
        let mut words: Vec<String> = argument.word.into_iter().collect();
        for (index, value) in argument.values.iter().enumerate() {
            let name = if argument.values.len() > 1 {
                value.to_lowercase()
            } else {
                argument.help.clone()
            };
            // The last value is the one that can be wrong: a text is right.
            let is_last = index + 1 == argument.values.len();
            let prompt = match problem.filter(|_| is_last) {
                Some(problem) => format!("{name}: {problem}"),
                None => name,
            };
            let word = if argument.known.is_empty() {
                let input = Input {
                    title: title.clone(),
                    value: String::new(),
                    prompt,
                };
                ask.input(input).await?.trim().to_owned()
            } else {
                let item = |known: &String| Item {
                    label: known.clone(),
                    detail: String::new(),
                    value: known.clone(),
                };
                let pick = Pick {
                    title: format!("{title}: {prompt}"),
                    placeholder: value.to_lowercase(),
                    items: argument.known.iter().map(item).collect(),
                    ..Pick::default()
                };
                ask.pick(pick).await?
            };
            words.push(word);
        }
        // An answer such as `-10% as agreed` is no option.
        if let [option, answer] = words.as_slice()
            && option.starts_with("--")
            && answer.starts_with('-')
        {
            words = vec![format!("{option}={answer}")];
        }
        Some(words)
    }
}

impl Argument {
    /// Returns its name: `exchange rate` for `--exchange-rate`.
    fn name(&self) -> String {
        let word = self
            .word
            .as_ref()
            .or(self.values.first())
            .map(|word| word.to_lowercase());
        word.unwrap_or_default().trim_start_matches('-').replace('-', " ")
    }
}

/// Returns a text with a capital letter at its beginning.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
