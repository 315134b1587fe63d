//! Values that a key can have, as completions.

use chrono_tz::TZ_VARIANTS;
use keeptab_config::countries;
use keeptab_config::keys::Kind;
use keeptab_core::instant::Length;
use keeptab_core::money::Currency;
use keeptab_engine::Lately;

use super::Page;

/// Currencies that most people look for.
const USUAL: [&str; 5] = ["EUR", "USD", "GBP", "CHF", "JPY"];

/// A value that a key can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Choice {
    /// The text without quotes.
    pub(super) text: String,
    /// Its meaning.
    pub(super) detail: String,
    /// True if it stands without quotes.
    pub(super) bare: bool,
}

fn choice(text: impl Into<String>, detail: impl Into<String>) -> Choice {
    Choice {
        text: text.into(),
        detail: detail.into(),
        bare: false,
    }
}

/// Returns the values that a key can have, the likeliest first.
pub(super) fn choices(page: &Page, kind: Kind, touched: &[Lately]) -> Vec<Choice> {
    let flag = |text| Choice {
        bare: true,
        ..choice(text, "")
    };
    let flags = [flag("true"), flag("false")];
    let words = |words: &[(&str, &str)]| {
        words
            .iter()
            .map(|(word, means)| choice(*word, *means))
            .collect::<Vec<_>>()
    };
    match kind {
        Kind::Word(all) | Kind::Words(all) => words(all),
        Kind::FlagOr(all) => flags.into_iter().chain(words(all)).collect(),
        Kind::Client => {
            let name = |id: &String| {
                page.proof
                    .config
                    .clients
                    .get(id)
                    .map(|client| client.party.name.clone())
            };
            let ids = page.outline.ids("client").into_iter();
            ids.map(|id| choice(id.clone(), name(&id).unwrap_or_default()))
                .collect()
        }
        Kind::Currency => {
            let others = Currency::codes().filter(|code| !USUAL.contains(code));
            USUAL.into_iter().chain(others).map(|code| choice(code, "")).collect()
        }
        Kind::Country => countries().map(|(code, name)| choice(code, name)).collect(),
        Kind::Zone => TZ_VARIANTS.iter().map(|zone| choice(zone.name(), "")).collect(),
        Kind::Flag => flags.into(),
        Kind::Paths => unassigned(page, touched),
        Kind::Text
        | Kind::Form(_)
        | Kind::Texts
        | Kind::Count(_)
        | Kind::Number(..)
        | Kind::Length
        | Kind::Clock
        | Kind::Date
        | Kind::Rates
        | Kind::Urls
        | Kind::Globs
        | Kind::Inner(_) => Vec::new(),
    }
}

/// Returns globs on the workspace roots that were worked under lately and that no rule names, the longest first.
fn unassigned(page: &Page, touched: &[Lately]) -> Vec<Choice> {
    let rules = &page.proof.config.rules;
    let mut roots: Vec<(&String, Length)> = Vec::new();
    for thing in touched {
        let Some(glob) = thing.glob.as_ref().filter(|_| rules.resolve(&thing.entity).is_none()) else {
            continue;
        };
        match roots.iter_mut().find(|(known, _)| *known == glob) {
            Some((_, length)) => *length += thing.month,
            None => roots.push((glob, thing.month)),
        }
    }
    roots.retain(|(_, length)| !length.is_zero());
    roots.sort_by(|(a_glob, a), (b_glob, b)| b.cmp(a).then_with(|| a_glob.cmp(b_glob)));
    let roots = roots.into_iter();
    roots
        .map(|(glob, length)| choice(glob, format!("{length} unassigned in 30 days")))
        .collect()
}
