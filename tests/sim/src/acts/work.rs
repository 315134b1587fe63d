//! Activity: editors, a browser, agents, and saves of other programs.

use keeptab_core::activity::{Actor, Cause, Kind, Seq};
use keeptab_core::instant::{Instant, Length};
use keeptab_engine::{Activity, Batch, Saved, What};

use crate::plan::SOURCES;
use crate::world::{Answer, World};

/// Files and pages; the last two belong to no project.
const FILES: [&str; 6] = [
    "/w/api/a.rs",
    "/w/api/deep/b.rs",
    "/w/web/c.ts",
    "/w/ops/d.sh",
    "/tmp/e.txt",
    "/home/jane/f.txt",
];

fn touched(file: u8) -> &'static str {
    FILES[usize::from(file) % FILES.len()]
}

impl World {
    /// Reports work that ends at the present.
    pub(super) fn work(&mut self, host: u8, source: u8, file: u8, beats: (u8, i64), is_weak: bool) -> Answer {
        let is_browser = source % SOURCES == SOURCES - 1;
        let kind = match (is_weak, is_browser) {
            (true, _) => Kind::Focus,
            (false, true) => Kind::Visit,
            (false, false) => Kind::Edit,
        };
        // Pages that no rule names are not kept.
        let uri = if is_browser {
            "https://ops.example/a"
        } else {
            touched(file)
        };
        self.report_work(source, uri, beats, kind, Actor::Human);
        self.send_events(host, source)
    }

    /// Reports an agent's work, a heartbeat every 30 seconds.
    pub(super) fn agent(&mut self, host: u8, source: u8, file: u8, beats: u8) -> Answer {
        self.report_work(source, touched(file), (beats, 30), Kind::Edit, Actor::Agent);
        self.send_events(host, source)
    }

    fn report_work(&mut self, source: u8, uri: &str, (beats, gap): (u8, i64), kind: Kind, actor: Actor) {
        let now = self.now;
        let source = &mut self.sources[usize::from(source % SOURCES)];
        for beat in 0..i64::from(beats) {
            let at = now - Length::from_secs(gap * (i64::from(beats) - 1 - beat));
            source.waiting.push(Activity {
                seq: Some(Seq(source.next)),
                at,
                what: What::Work {
                    kind,
                    actor,
                    uri: Some(uri.to_owned()),
                    root: None,
                    cwd: None,
                    language: None,
                    private: false,
                },
            });
            source.next += 1;
        }
    }

    /// Sends what waits. What is acknowledged must be there from then on, unless tracking is paused.
    fn send_events(&mut self, host: u8, source: u8) -> Answer {
        let nth = usize::from(source % SOURCES);
        let batch = Batch {
            source: self.sources[nth].name.clone(),
            events: self.sources[nth].waiting.clone(),
        };
        let now = self.now;
        let taken = self.host(host).and_then(|engine| {
            // A host that others left behind with a replaced file follows it first.
            engine.ask(now, |_, _| Ok(()))?;
            let is_paused = engine.store().paused()?;
            Ok((engine.take(&batch, now)?, is_paused))
        });
        match taken {
            Ok((taken, is_paused)) if !self.disk.seen().is_dead => {
                let source = &mut self.sources[nth];
                let is_taken = |event: &Activity| event.seq.is_some_and(|seq| seq <= taken.seq);
                let (gone, left) = std::mem::take(&mut source.waiting).into_iter().partition(is_taken);
                (source.last, source.waiting) = (gone, left);
                let key = |event: &Activity| {
                    let seq = event.seq.unwrap_or(Seq(0)).0;
                    format!("event {} {seq} {}", batch.source, event.at.millis())
                };
                let kept = source.last.iter().filter(|_| !is_paused).map(key);
                let words = format!("{} events taken up to {}", source.last.len(), taken.seq.0);
                Answer::done(words).promises(kept.collect::<Vec<_>>())
            }
            Ok(_) => Answer::refused("killed before the answer"),
            Err(error) => self.refused(&error),
        }
    }

    /// Sends the last batch again, to any host: nothing may count twice.
    pub(super) fn send_again(&mut self, host: u8, source: u8) -> Answer {
        let source = &mut self.sources[usize::from(source % SOURCES)];
        let batch = Batch {
            source: source.name.clone(),
            events: source.last.clone(),
        };
        let now = self.now;
        let before = self.last.facts.len();
        match self.host(host).and_then(|engine| engine.take(&batch, now)) {
            Ok(_) => {
                let after = self.contents().map_or(before, |contents| contents.facts.len());
                let mut answer = Answer::done(format!("{} events sent again", batch.events.len()));
                // While tracking was paused, they were acknowledged and not kept: they are still not.
                answer.broken = (after > before).then(|| "events that were sent again are there twice".to_owned());
                answer
            }
            Err(error) => self.refused(&error),
        }
    }

    pub(super) fn outside(&mut self, host: u8, file: u8) -> Answer {
        let saved = Saved {
            at: self.now,
            path: touched(file).to_owned(),
            many: false,
        };
        match self.ask(host, |engine, now| engine.outside(&[saved], now)) {
            Ok(rows) => Answer::done(format!("{} saves noted", rows.0.len())),
            Err(error) => self.refused(&error),
        }
    }

    pub(super) fn lock(&mut self, host: u8) -> Answer {
        self.cut(host, Cause::Lock, self.now)
    }

    pub(super) fn cut(&mut self, host: u8, cause: Cause, at: Instant) -> Answer {
        match self.ask(host, |engine, now| engine.cut(cause, at, now)) {
            Ok(_) => Answer::done("time is cut"),
            Err(error) => self.refused(&error),
        }
    }

    pub(super) fn pause(&mut self, host: u8) -> Answer {
        let answer = self.ask(host, |engine, now| {
            let is_paused = engine.store().paused()?;
            engine.pause(!is_paused, now)
        });
        match answer {
            Ok(done) => Answer::done(done.summary),
            Err(error) => self.refused(&error),
        }
    }
}
