//! Measures the timeline on ten years of one person's heartbeats, half a million, one and two million of 40 projects.
//!
//! `cargo bench -p keeptab-core` prints the time of a full replay beside the floor (adding up the same gaps with no rule at
//! all), of corrections and claims over it, of a week's sessions, and of one new heartbeat to the new totals of its day.
//! `-- once N` replays N events once and prints the peak of memory; under `valgrind --tool=callgrind` it counts
//! instructions.

#![expect(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    reason = "a benchmark reads what it is asked for, and its peak of memory, and prints it"
)]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput};
use keeptab_core::activity::{Actor, DeviceId, Event, EventId, Seq, Sign, SourceId, Strength};
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::timeline::{
    Counting, Crediting, Effect, ProjectIndex, Stretch, Tag, absorb, correct, credit, totals, within, without,
};

const PROJECTS: u64 = 40;
const EVENTS: [u64; 3] = [500_000, 1_000_000, 2_000_000];
const DAY: i64 = 86_400_000;
/// The working days of ten years.
const DAYS: u64 = 2_600;

/// Ten years of working days, generated on demand and always the same.
struct Years {
    state: u64,
    seq: u64,
    left: u64,
    a_day: u64,
    at: i64,
    project: u64,
}

impl Years {
    fn new(events: u64) -> Self {
        Self {
            state: 0x9e37_79b9_7f4a_7c15,
            seq: 0,
            left: events,
            a_day: events.div_ceil(DAYS),
            at: 0,
            project: 0,
        }
    }

    /// A number below `bound`.
    fn below(&mut self, bound: u64) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 11) % bound
    }

    fn sign(&mut self) -> Sign<Tag> {
        if self.below(50) == 0 {
            self.project = self.below(PROJECTS);
        }
        // A glance at another project, a file of no project, an agent.
        let project = match self.below(20) {
            0 => self.below(PROJECTS),
            _ => self.project,
        };
        let index = usize::try_from(project).unwrap_or_default();
        match self.below(1000) {
            0..2 => Sign::Boundary,
            2..20 => Sign::Heartbeat {
                actor: Actor::Human,
                strength: Strength::Weak,
                tag: Tag::Project(ProjectIndex(index)),
            },
            20..30 => Sign::Heartbeat {
                actor: Actor::Human,
                strength: Strength::Strong,
                tag: Tag::Unassigned,
            },
            30..130 => Sign::Heartbeat {
                actor: Actor::Agent,
                strength: Strength::Strong,
                tag: Tag::Project(ProjectIndex(index)),
            },
            _ => Sign::Heartbeat {
                actor: Actor::Human,
                strength: Strength::Strong,
                tag: Tag::Project(ProjectIndex(index)),
            },
        }
    }
}

impl Iterator for Years {
    type Item = Event<Tag>;

    fn next(&mut self) -> Option<Event<Tag>> {
        self.left = self.left.checked_sub(1)?;
        self.seq += 1;
        if self.seq.is_multiple_of(self.a_day) {
            self.at = (self.at / DAY + 1) * DAY;
        }
        // Eight hours spread over the day's events, and now and then a break.
        let mean = 8 * 3_600_000 / self.a_day;
        let step = self.below(2 * mean) + if self.below(200) == 0 { 20 * 60_000 } else { 0 };
        self.at += step.cast_signed();
        Some(Event {
            at: Instant::from_millis(self.at),
            id: EventId {
                device: DeviceId(1),
                source: SourceId(1),
                seq: Seq(self.seq),
            },
            sign: self.sign(),
        })
    }
}

fn replay(events: impl IntoIterator<Item = Event<Tag>>) -> Vec<Stretch<Tag>> {
    let credited = credit(events, Counting::default(), Instant::LATEST);
    absorb(&credited, Length::from_minutes(1))
}

/// The floor: the least that any count of the events costs, the sum of their gaps.
fn floor(events: impl IntoIterator<Item = Event<Tag>>) -> Length {
    let mut last = Instant::from_millis(0);
    let mut sum = Length::ZERO;
    for event in events {
        if let Sign::Heartbeat {
            actor: Actor::Human,
            strength: Strength::Strong,
            ..
        } = event.sign
        {
            sum += event.at - last;
            last = event.at;
        }
    }
    sum
}

/// Corrections of every day, and claims of every month.
fn review() -> (Vec<(Span, Effect)>, Vec<Span>) {
    let hour = |day: i64, hour: i64, length: i64| {
        let start = Instant::from_millis(day * DAY + hour * 3_600_000);
        Span::new(start, start + Length::from_millis(length)).unwrap_or(Span::NEVER)
    };
    let corrections = (0..DAYS.cast_signed()).flat_map(|day| {
        [
            (hour(day, 1, 600_000), Effect::Assign(Tag::Unassigned)),
            (hour(day, 3, 1_200_000), Effect::Fill(Tag::Private)),
            (hour(day, 5, 300_000), Effect::Erase),
            (hour(day, 2, 3_600_000), Effect::Billable(false)),
        ]
    });
    let claims = (0..DAYS.cast_signed() / 30).map(|month| hour(month * 30, 0, 20 * DAY));
    (corrections.collect(), claims.collect())
}

/// The peak memory of this process, if the system reports it.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or("unknown".to_owned(), |line| line.trim().to_owned())
}

fn whole_history(criterion: &mut Criterion) {
    let (corrections, claims) = review();
    let mut group = criterion.benchmark_group("ten years");
    group.sample_size(10);
    for count in EVENTS {
        let events: Vec<_> = Years::new(count).collect();
        let list = || events.iter().copied();
        let stretches = replay(list());
        group.throughput(Throughput::Elements(count));
        group.bench_function(BenchmarkId::new("floor", count), |b| b.iter(|| floor(list())));
        group.bench_function(BenchmarkId::new("replay", count), |b| b.iter(|| replay(list())));
        group.bench_function(BenchmarkId::new("corrections and claims", count), |b| {
            b.iter(|| without(&correct(&stretches, &corrections), &claims));
        });
        group.bench_function(BenchmarkId::new("totals", count), |b| b.iter(|| totals(&stretches)));
    }
    group.finish();
}

/// Measures the operations whose time must not grow with history.
fn present(criterion: &mut Criterion) {
    let (corrections, claims) = review();
    let mut group = criterion.benchmark_group("present");
    for count in EVENTS {
        let events: Vec<_> = Years::new(count).collect();
        let stretches = replay(events.iter().copied());
        let end = stretches.last().map_or(Instant::EARLIEST, |last| last.span.end());
        let week = Span::new(end - Length::from_millis(7 * DAY), end).unwrap_or(Span::NEVER);
        group.bench_function(BenchmarkId::new("week's sessions", count), |b| {
            b.iter(|| without(&correct(&within(&stretches, week), &corrections), &claims));
        });
        let day = Span::new(end - Length::from_millis(DAY / 2), end).unwrap_or(Span::NEVER);
        let today: Vec<_> = events.into_iter().filter(|event| day.contains(event.at)).collect();
        let Some((last, earlier)) = today.split_last() else {
            continue;
        };
        let mut crediting = Crediting::new(Counting::default(), Instant::LATEST);
        for event in earlier {
            crediting.push(*event);
        }
        group.bench_function(BenchmarkId::new("one heartbeat to the totals of its day", count), |b| {
            b.iter(|| {
                let mut crediting = crediting.clone();
                crediting.push(*last);
                totals(&absorb(&crediting.so_far(), Length::from_minutes(1)))
            });
        });
    }
    group.finish();
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let once = arguments.iter().position(|argument| argument == "once");
    if let Some(count) = once.and_then(|index| arguments.get(index + 1)?.parse().ok()) {
        let stretches = black_box(replay(Years::new(count)));
        println!(
            "{count} events, streamed: {} stretches, peak memory {}",
            stretches.len(),
            peak()
        );
        return;
    }
    let mut criterion = Criterion::default().configure_from_args();
    whole_history(&mut criterion);
    present(&mut criterion);
    criterion.final_summary();
}
