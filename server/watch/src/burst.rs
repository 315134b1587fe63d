//! Distinction of a file that a person saved from a checkout, a build, an unpacked archive or a formatter's run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use keeptab_core::instant::{Instant, Length};

/// A burst is over when nothing has changed for this long. By then an editor has reported its own save.
const QUIET: Length = Length::from_millis(3000);
/// A person saves a file, perhaps with another beside it, and not more in one burst.
const MOST_BY_HAND: usize = 2;
/// A longer burst is a log or a server that writes, whatever the number of files.
const LONGEST_BY_HAND: Length = Length::from_millis(20_000);

/// The verdict on a burst that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A few files were saved; each has the instant of its last write.
    Saved(Vec<(PathBuf, Instant)>),
    /// Many files changed, or git changed them: one event, which is not human work.
    Storm {
        /// The start of the burst.
        at: Instant,
        /// The first of the files.
        first: PathBuf,
    },
}

/// The running bursts, one per root.
#[derive(Debug, Default)]
pub struct Bursts {
    open: BTreeMap<usize, Burst>,
}

#[derive(Debug)]
struct Burst {
    began: Instant,
    last: Instant,
    first: PathBuf,
    /// At most [`MOST_BY_HAND`], and empty once there were more.
    files: Vec<(PathBuf, Instant)>,
    is_storm: bool,
}

impl Bursts {
    /// Takes a file that was written under a root; `by_git` if git holds the lock on its index meanwhile.
    pub fn wrote(&mut self, root: usize, file: PathBuf, by_git: bool, at: Instant) {
        let burst = self.open.entry(root).or_insert_with(|| Burst {
            began: at,
            last: at,
            first: file.clone(),
            files: Vec::new(),
            is_storm: false,
        });
        burst.last = burst.last.max(at);
        burst.is_storm |= by_git || burst.last - burst.began > LONGEST_BY_HAND;
        match burst.files.iter().position(|(known, _)| *known == file) {
            Some(index) => burst.files[index].1 = at,
            None if burst.files.len() < MOST_BY_HAND => burst.files.push((file, at)),
            None => burst.is_storm = true,
        }
        if burst.is_storm {
            burst.files.clear();
        }
    }

    /// Takes a file that was removed: it was temporary.
    pub fn removed(&mut self, file: &Path) {
        for burst in self.open.values_mut() {
            burst.files.retain(|(known, _)| known != file);
        }
    }

    /// Marks all bursts as storms, as changes were lost.
    pub fn overflowed(&mut self) {
        for burst in self.open.values_mut() {
            burst.is_storm = true;
        }
    }

    /// Returns the end of the next burst, if nothing happens until then.
    #[must_use]
    pub fn next(&self) -> Option<Instant> {
        self.open.values().map(|burst| burst.last + QUIET).min()
    }

    /// Returns the bursts that are over, and removes them.
    pub fn over(&mut self, now: Instant) -> Vec<Verdict> {
        // The clock may have been set back meanwhile.
        let is_over = |burst: &Burst| now - burst.last >= QUIET || now < burst.began;
        let over = self.open.extract_if(.., |_, burst| is_over(burst));
        over.map(|(_, burst)| burst.verdict()).collect()
    }
}

impl Burst {
    fn verdict(self) -> Verdict {
        if self.is_storm {
            Verdict::Storm {
                at: self.began,
                first: self.first,
            }
        } else {
            Verdict::Saved(self.files)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(millis: i64) -> Instant {
        Instant::from_millis(1_794_816_000_000 + millis)
    }

    /// Plays writes as (milliseconds, file, by git), checks as often as the burst asks, and returns the verdicts.
    fn play(writes: &[(i64, &str, bool)]) -> Vec<String> {
        let mut bursts = Bursts::default();
        let mut verdicts = Vec::new();
        for (millis, file, by_git) in writes {
            verdicts.extend(bursts.over(at(*millis)));
            bursts.wrote(0, file.into(), *by_git, at(*millis));
        }
        while let Some(next) = bursts.next() {
            verdicts.extend(bursts.over(next));
        }
        let since = |instant: Instant| (instant - at(0)).millis();
        let shown = verdicts.into_iter().map(|verdict| match verdict {
            Verdict::Saved(files) => {
                let files = files
                    .iter()
                    .map(|(file, at)| format!("{}@{}", file.display(), since(*at)));
                format!("saved {}", files.collect::<Vec<_>>().join(" "))
            }
            Verdict::Storm { at, first } => format!("storm {}@{}", first.display(), since(at)),
        });
        shown.collect()
    }

    #[test]
    fn single_saves_are_told_one_by_one() {
        assert_eq!(play(&[]), [""; 0]);
        assert_eq!(play(&[(0, "a", false)]), ["saved a@0"]);
        assert_eq!(play(&[(0, "a", false), (100, "a", false)]), ["saved a@100"]);
        assert_eq!(play(&[(0, "a", false), (900, "b", false)]), ["saved a@0 b@900"]);
        assert_eq!(
            play(&[(0, "a", false), (3000, "b", false)]),
            ["saved a@0", "saved b@3000"]
        );
    }

    #[test]
    fn many_files_and_files_of_git_are_one_storm() {
        assert_eq!(
            play(&[(0, "a", false), (1, "b", false), (2, "c", false)]),
            ["storm a@0"]
        );
        assert_eq!(play(&[(0, "a", true)]), ["storm a@0"]);
        assert_eq!(play(&[(0, "a", false), (1, "b", true)]), ["storm a@0"]);
        let names: Vec<String> = (0..5000).map(|number| number.to_string()).collect();
        let many: Vec<(i64, &str, bool)> = (0..).zip(&names).map(|(at, name)| (at, name.as_str(), false)).collect();
        assert_eq!(play(&many), ["storm 0@0"]);
    }

    #[test]
    fn a_file_that_is_written_on_and_on_is_no_persons() {
        let writes: Vec<(i64, &str, bool)> = (0..60).map(|second| (second * 1000, "log", false)).collect();
        assert_eq!(play(&writes), ["storm log@0"]);
        // A save every half minute is human, or a program that saves for a person.
        let writes: Vec<(i64, &str, bool)> = (0..3).map(|turn| (turn * 30_000, "a", false)).collect();
        assert_eq!(play(&writes), ["saved a@0", "saved a@30000", "saved a@60000"]);
    }

    #[test]
    fn what_has_gone_was_temporary() {
        let mut bursts = Bursts::default();
        for file in ["4913", "a"] {
            bursts.wrote(0, file.into(), false, at(0));
        }
        bursts.removed(Path::new("4913"));
        bursts.wrote(0, "b".into(), false, at(1));
        let saved = vec![("a".into(), at(0)), ("b".into(), at(1))];
        assert_eq!(bursts.over(at(9000)), [Verdict::Saved(saved)]);
    }

    #[test]
    fn a_clock_that_is_set_back_ends_what_goes_on() {
        let mut bursts = Bursts::default();
        bursts.wrote(0, "a".into(), false, at(0));
        assert_eq!(bursts.over(at(-60_000)), [Verdict::Saved(vec![("a".into(), at(0))])]);
    }

    proptest! {
        #[test]
        fn every_burst_is_told_once_and_never_more_is_said_than_was_written(
            steps in proptest::collection::vec((0_i64..5000, 0_usize..4, prop::bool::weighted(0.1)), 1..60)
        ) {
            const NAMES: [&str; 4] = ["a", "b", "c", "d"];
            let mut now = 0;
            let writes: Vec<_> = steps
                .iter()
                .map(|(step, name, by_git)| {
                    now += step;
                    (now, NAMES[*name], *by_git)
                })
                .collect();
            let bursts = 1 + steps.iter().skip(1).filter(|(step, ..)| *step >= 3000).count();
            let told = play(&writes);
            prop_assert_eq!(told.len(), bursts);
            for line in told.iter().filter(|line| line.starts_with("saved")) {
                prop_assert!(line.split(' ').count() <= 1 + MOST_BY_HAND, "{}", line);
            }
        }
    }
}
