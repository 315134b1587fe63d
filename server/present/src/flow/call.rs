//! A call of the engine, as the words of a shell or of a palette make it: its answer is for any surface.

use anyhow::Result;
use keeptab_core::instant::Instant;
use keeptab_core::invoice::Paying;
use keeptab_engine::thread::Handle;
use keeptab_engine::{Engine, Scope};
use tokio::sync::oneshot;

use super::{Again, Answer};

/// A call of the engine.
pub struct Call {
    call: Box<Begin>,
    again: Option<Again>,
}

/// The part that needs the engine.
type Begin = dyn FnOnce(&mut Engine, Instant) -> Result<Step> + Send;

/// The result of the part that needs the engine.
enum Step {
    Answer(Answer),
    /// The rest takes long, and needs the engine no more.
    Rest(Box<dyn FnOnce() -> Result<Answer> + Send>),
}

impl Call {
    /// Makes a call that runs a function on the engine.
    pub fn new<T: Into<Answer>>(call: impl FnOnce(&mut Engine, Instant) -> Result<T> + Send + 'static) -> Self {
        Self {
            call: Box::new(move |engine, now| Ok(Step::Answer(call(engine, now)?.into()))),
            again: None,
        }
    }

    /// Makes a call of which a part runs beside the engine, while that goes on.
    pub fn beside<T: Into<Answer>, R: FnOnce() -> Result<T> + Send + 'static>(
        call: impl FnOnce(&mut Engine, Instant) -> Result<R> + Send + 'static,
    ) -> Self {
        Self {
            call: Box::new(move |engine, now| {
                let rest = call(engine, now)?;
                Ok(Step::Rest(Box::new(move || rest().map(Into::into))))
            }),
            again: None,
        }
    }

    /// Makes a call about a draft, or about the only one of a client. A draft that is named has its range and projects.
    pub fn of_draft<T: Into<Answer>>(
        which: String,
        scope: Scope,
        call: impl Fn(&mut Engine, &str, &Scope, Instant) -> Result<T> + Clone + Send + 'static,
    ) -> Self {
        let again = call.clone();
        let of_draft = Box::new(move |draft| Self::of_draft(draft, Scope::default(), again));
        Self {
            again: Some(Again::Draft(of_draft)),
            ..Self::new(move |engine, now| call(engine, &which, &scope, now))
        }
    }

    /// Makes a call that notes a payment. One of more than is owed is confirmed first.
    pub fn of_payment<T: Into<Answer>>(
        paying: Paying,
        call: impl Fn(&mut Engine, &Paying, Instant) -> Result<T> + Clone + Send + 'static,
    ) -> Self {
        let again = call.clone();
        let confirmed = Paying {
            overpays: true,
            ..paying.clone()
        };
        let confirmed = Box::new(move || Self::of_payment(confirmed, again));
        Self {
            again: Some(Again::Overpaid(confirmed)),
            ..Self::new(move |engine, now| call(engine, &paying, now))
        }
    }

    /// Returns, once, how the call is made again after a question that its error asks.
    pub fn take_again(&mut self) -> Option<Again> {
        self.again.take()
    }

    /// Makes the call on an engine of this thread.
    ///
    /// # Errors
    ///
    /// The engine's error.
    pub fn run(self, engine: &mut Engine, now: Instant) -> Result<Answer> {
        match engine.ask(now, self.call)? {
            Step::Answer(answer) => Ok(answer),
            Step::Rest(rest) => rest(),
        }
    }

    /// Makes the call on the engine's thread.
    ///
    /// # Errors
    ///
    /// The engine's error, or one if it has stopped.
    pub async fn ask(self, engine: &Handle) -> Result<Answer> {
        let (sender, receiver) = oneshot::channel();
        let begin = move |engine: &mut Engine, now| {
            match (self.call)(engine, now)? {
                Step::Answer(answer) => drop(sender.send(Ok(answer))),
                // Begun here, so that it is done even if nobody waits for its answer any more.
                Step::Rest(rest) => drop(std::thread::spawn(move || sender.send(rest()))),
            }
            Ok(())
        };
        engine.ask(begin).await?;
        receiver.await?
    }
}

#[cfg(test)]
mod tests {
    use keeptab_core::calendar::Range;

    use super::*;
    use keeptab_engine::Done;
    use keeptab_system::home::Home;

    #[test]
    fn a_draft_that_is_named_has_its_own_scope() {
        let folder = tempfile::tempdir().unwrap();
        let now = Instant::from_millis(0);
        let mut engine = Engine::open(Home::at(folder.path().to_owned(), None), now).unwrap();
        let scope = Scope::from(Some(Range::Today));
        let mut call = Call::of_draft("acme".into(), scope, |_, which, scope, _| {
            Ok(Done::new(format!("{which} {:?}", scope.range)))
        });
        let Some(Again::Draft(named)) = call.take_again() else {
            panic!("a draft can be named");
        };
        let named = named("2".into());
        let mut said = |call: Call| call.run(&mut engine, now).unwrap().to_string();
        assert_eq!((said(call), said(named)), ("acme Some(Today)".into(), "2 None".into()));
    }
}
