//! State of the one browser of a host, and handling of its messages.

use anyhow::{Context as _, Result, anyhow};
use keeptab_config::Edit;
use keeptab_core::activity::{Actor, Cause, Kind};
use keeptab_core::entity::Entity;
use keeptab_core::rule::{ProjectId, glob_of};
use keeptab_engine::thread::Handle;
use keeptab_engine::{Activity, Batch, Failure, What};

use super::message::{Said, Told, Wish};
use super::outbox::Outbox;

/// The browser that this host serves.
#[derive(Debug, Default)]
pub(super) struct Session {
    /// Its name, once it has said hello.
    source: Option<String>,
}

impl Session {
    /// Handles a message, and returns false if it is not allowed in this state.
    pub(super) async fn take(&mut self, said: Said, engine: &Handle, outbox: &Outbox) -> bool {
        match (said, &self.source) {
            (Said::Hello { source }, None) if is_name(&source) => {
                self.source = Some(source);
                outbox.begin();
            }
            (Said::Activity(events), Some(source)) => {
                engine.record(Batch {
                    source: source.clone(),
                    events: events.into_iter().map(of_a_browser).collect(),
                });
                // A flood stops the reading.
                engine.room().await;
            }
            (Said::Ask { id, wish }, Some(_)) => {
                let (ok, text) = match grant(wish, engine).await {
                    Ok(done) => {
                        // The host's own edits are not seen by its watch on the config.
                        outbox.rules_changed();
                        (true, done)
                    }
                    Err(error) => (false, Failure::of(&error).line()),
                };
                outbox.answer(Told::Answer { id, ok, text }).await;
            }
            (Said::Hello { .. } | Said::Activity(_) | Said::Ask { .. }, _) => return false,
        }
        true
    }
}

/// Returns true for a name of ours: names are stored, so they must reveal nothing.
fn is_name(source: &str) -> bool {
    let digits = source.strip_prefix("browser-").unwrap_or_default();
    (8..=32).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
}

/// Strips fields that a browser must not set.
fn of_a_browser(activity: Activity) -> Activity {
    let what = match activity.what {
        What::Work {
            kind: kind @ (Kind::Visit | Kind::Focus),
            uri,
            private,
            ..
        } => {
            let page = uri.filter(|uri| !private && matches!(Entity::from_uri(uri, None), Entity::Url(_)));
            if page.is_none() && !private {
                What::Nothing
            } else {
                What::Work {
                    kind,
                    actor: Actor::Human,
                    root: None,
                    cwd: None,
                    language: None,
                    private,
                    uri: page,
                }
            }
        }
        What::Cut(Cause::Lock) => What::Cut(Cause::Lock),
        _ => What::Nothing,
    };
    Activity { what, ..activity }
}

async fn grant(wish: Wish, engine: &Handle) -> Result<String> {
    let done = match wish {
        Wish::Pause => engine.ask(|engine, now| engine.pause(true, now)).await?,
        Wish::Resume => engine.ask(|engine, now| engine.pause(false, now)).await?,
        Wish::Count { url, project } => {
            let rule = Edit::AddRule {
                project: ProjectId::new(project),
                glob: glob_of_page(&url)?,
            };
            engine.ask(move |engine, now| engine.assign(&rule, now)).await?
        }
    };
    Ok(done.to_string())
}

fn glob_of_page(url: &str) -> Result<String> {
    match Entity::from_uri(url, None) {
        Entity::Url(page) => Ok(glob_of(&page)),
        _ => Err(anyhow!("`{url}` is no page")).context("nothing was written"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keeptab_core::activity::Seq;
    use keeptab_core::instant::Instant;

    #[test]
    fn names_say_nothing() {
        assert!(is_name("browser-0123456789abcdef"));
        for name in [
            "",
            "browser-",
            "vscode-0123456789abcdef",
            "browser-https://x.example",
            "browser-01234567\n",
        ] {
            assert!(!is_name(name), "{name}");
        }
    }

    #[test]
    fn a_browser_tells_of_pages_and_locks_only() {
        let take = |what| {
            let activity = Activity {
                seq: Some(Seq(1)),
                at: Instant::from_millis(5),
                what,
            };
            of_a_browser(activity).what
        };
        let work = |kind, uri: Option<&str>, private| What::Work {
            kind,
            actor: Actor::Agent,
            uri: uri.map(str::to_owned),
            root: Some("/w".into()),
            cwd: None,
            language: Some("rust".into()),
            private,
        };
        let seen = |kind, uri: Option<&str>, private| What::Work {
            kind,
            actor: Actor::Human,
            uri: uri.map(str::to_owned),
            root: None,
            cwd: None,
            language: None,
            private,
        };
        let page = Some("https://a.example/x");
        for kind in [Kind::Visit, Kind::Focus] {
            assert_eq!(take(work(kind, page, false)), seen(kind, page, false));
            assert_eq!(take(work(kind, page, true)), seen(kind, None, true));
            assert_eq!(take(work(kind, Some("file:///etc/passwd"), false)), What::Nothing);
            assert_eq!(take(work(kind, None, false)), What::Nothing);
        }
        assert_eq!(take(work(Kind::Edit, page, false)), What::Nothing);
        assert_eq!(take(What::Cut(Cause::Suspend)), What::Nothing);
        assert_eq!(take(What::Cut(Cause::Lock)), What::Cut(Cause::Lock));
    }

    #[test]
    fn a_page_is_counted_with_all_below_it() {
        let count = |url: &str| glob_of_page(url).unwrap_or_else(|error| format!("{error:#}"));
        assert_eq!(count("https://Git.Example/acme/?q=1#x"), "https://git.example/acme/**");
        assert_eq!(count("https://git.example"), "https://git.example/**");
        assert_eq!(count("https://git.example/a*b"), "https://git.example/a[*]b/**");
        assert!(count("~/work").contains("is no page"));
        assert!(count("https://").contains("is no page"));
    }
}
