//! `keeptab forget`: which part of the history.

use anyhow::{Result, bail};
use clap::Args;
use keeptab_core::entity::Entity;
use keeptab_core::rule::{escaped, literal};
use keeptab_engine::Forgetting;
use keeptab_present::flow::Call;

use super::range::RangeArgs;
use super::schema::of;
use super::{About, Command};

/// Remove what was tracked of a folder, a page or some days, in backups too; billed time stays
#[derive(Clone, Debug, Args)]
pub(in crate::cli) struct Forget {
    /// A folder, a file or a page with all below it, or a glob as in the config
    #[arg(conflicts_with_all = ["ignored", "range", "from"], value_hint = clap::ValueHint::AnyPath)]
    what: Option<String>,
    /// All that the config ignores now
    #[arg(long, conflicts_with_all = ["range", "from"])]
    ignored: bool,
    #[command(flatten)]
    range: RangeArgs,
    /// Do it, and do not only show what it would remove
    #[arg(long)]
    yes: bool,
}

impl Command for Forget {
    const ABOUT: About = About {
        name: "forget",
        palette: Some(
            "asks for a folder, a page or a day unless words name one, shows what would be removed, asks, and \
             removes it; with `--yes` asks nothing: `{ done, events, first, last, things, names, entries, \
             corrections, billed, moved, edited, unfinished, copies: { written, failed } }`",
        ),
        examples: &[(
            "forget",
            &[
                "keeptab forget ~/private",
                "keeptab forget --from 2026-11-16 --to 2026-11-20 --yes",
            ],
        )],
        answers: &[("forget", of::<Forgetting>)],
    };

    fn call(self) -> Result<Call> {
        let what = match (self.what, self.range.range()) {
            (Some(what), _) => Some(keeptab_engine::Forget::Named(glob(&what)?)),
            (None, _) if self.ignored => Some(keeptab_engine::Forget::Ignored),
            (None, range) => range.map(keeptab_engine::Forget::Time),
        };
        if what.is_none() && !self.yes {
            bail!(
                "nothing is named that should be forgotten\nhint: name a folder, a page, `--ignored` or a range such as `--week 2026-W47`"
            );
        }
        Ok(Call::beside(move |engine, now| {
            let forgetting = engine.forget(what.as_ref(), self.yes, now)?;
            let home = engine.home().clone();
            Ok(move || forgetting.finish(&home, now))
        }))
    }
}

/// Returns the glob that a word means: a path is completed from the working directory.
fn glob(word: &str) -> Result<String> {
    if word.contains("://") || word.starts_with("file:") {
        return Ok(match Entity::from_uri(word, None) {
            Entity::Path(text) | Entity::Url(text) if literal(word).1.is_empty() => escaped(&text),
            _ => word.to_owned(),
        });
    }
    if word.starts_with(['~', '*']) {
        return Ok(word.to_owned());
    }
    let path = std::path::absolute(word)?;
    let path = path.to_string_lossy();
    // A name of an existing file means that file, whatever characters it has.
    Ok(
        if literal(word).1.is_empty() || std::fs::symlink_metadata(&*path).is_ok() {
            escaped(&path)
        } else {
            path.into_owned()
        },
    )
}
