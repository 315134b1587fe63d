//! The words that a command lacks, asked for one by one.

use super::{Ask, Input, Item, Pick};

/// A word or an option that a command lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The command, such as `invoice cancel`.
    pub command: String,
    /// The ways to give it: one argument, or several of which one is wanted.
    pub ways: Vec<Argument>,
    /// The answers so far that stay right: all but the last of an argument of several values.
    pub answers: Vec<String>,
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
                capital(&value.to_lowercase())
            } else {
                argument.help.clone()
            };
            // The last value is the one that can be wrong: a text is right, and is not asked for again.
            let is_last = index + 1 == argument.values.len();
            if let Some(answer) = self.answers.get(index) {
                words.push(answer.clone());
                continue;
            }
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
            if !is_last {
                self.answers.push(word.clone());
            }
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

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// Answers in turn, and keeps the prompts.
    struct Person(Mutex<(Vec<&'static str>, Vec<String>)>);

    impl Ask for Person {
        async fn pick(&self, pick: Pick) -> Option<String> {
            Some(pick.items.first()?.value.clone())
        }

        async fn input(&self, input: Input) -> Option<String> {
            let mut state = self.0.lock().unwrap();
            state.1.push(input.prompt);
            Some(state.0.remove(0).to_owned())
        }
    }

    fn option(word: &str, values: &[&str]) -> Missing {
        Missing {
            command: "invoice item add".into(),
            ways: vec![Argument {
                word: Some(word.into()),
                help: "A discount".into(),
                values: values.iter().map(|&value| value.to_owned()).collect(),
                known: Vec::new(),
            }],
            answers: Vec::new(),
        }
    }

    /// Returns the words of each round, and the prompts of all.
    fn asked(missing: &mut Missing, answers: &[&'static str], problems: &[Option<&str>]) -> (Vec<String>, Vec<String>) {
        let person = Person(Mutex::new((answers.to_vec(), Vec::new())));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let rounds = problems.iter().map(|problem| {
            let words = runtime.block_on(missing.ask(&person, *problem));
            words.expect("an answer").join(" ")
        });
        let rounds = rounds.collect();
        (rounds, person.0.into_inner().unwrap().1)
    }

    #[test]
    fn an_answer_that_begins_with_a_dash_is_no_option() {
        let (words, _) = asked(&mut option("--discount", &["AMOUNT"]), &["-10% as agreed"], &[None]);
        assert_eq!(words, ["--discount=-10% as agreed"]);
        let (words, _) = asked(&mut option("--discount", &["AMOUNT"]), &["10%"], &[None]);
        assert_eq!(words, ["--discount 10%"]);
    }

    #[test]
    fn a_wrong_amount_does_not_ask_for_the_description_again() {
        let mut missing = option("--fee", &["DESCRIPTION", "AMOUNT"]);
        let (words, prompts) = asked(&mut missing, &["Setup", "ten", "10"], &[None, Some("no number")]);
        assert_eq!(words, ["--fee Setup ten", "--fee Setup 10"]);
        assert_eq!(prompts, ["Description", "Amount", "Amount: no number"]);
    }
}
