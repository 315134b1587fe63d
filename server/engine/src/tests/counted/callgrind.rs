//! Counts of one path, taken by callgrind, and the comparison with those that are written down.

use std::collections::HashMap;
use std::process::Command;
use std::{fmt, fs};

/// Instructions and bytes may grow by this part of them before a test fails.
const GROWTH: u64 = 20;
/// Allocations may differ by this part of them: the C library has some of its own.
const ALLOCATIONS: u64 = 100;

/// The mark before a number of bytes in a test's output.
const BYTES: &str = "bytes written: ";

/// The cost of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Instructions of an unoptimized build.
    pub instructions: u64,
    /// Calls of `malloc`, `calloc` and `realloc`.
    pub allocations: u64,
    /// Calls of `sqlite3_step`: each statement is at least one, and each row that it returns another.
    pub steps: u64,
    /// Bytes added to the write-ahead log.
    pub bytes: u64,
}

/// Prints the bytes that a path wrote, for the process that counts.
pub fn tell(bytes: u64) {
    eprintln!("{BYTES}{bytes}");
}

/// Runs a test of this program under callgrind, and compares its cost between two functions whose names begin with
/// `counted_` with the one in `costs.txt`.
///
/// # Panics
///
/// If the path has instructions or bytes that are five per cent more than is written, allocations that are more or fewer by one
/// per cent, or another number of steps: one query more is not five per cent of any path.
#[track_caller]
pub fn check(test: &str) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--read-inline-info=no", "--compress-strings=no"])
        .arg("--dump-before=*tests::counted::counted_*")
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", &format!("tests::counted::{test}")])
        .args(["--test-threads=1", "--nocapture"])
        .output()
        .expect("valgrind (Debian: valgrind)");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    // The first part is what the test prepares.
    let counts = fs::read_to_string(out.with_extension("2")).unwrap();
    let bytes = said.lines().find_map(|line| line.strip_prefix(BYTES)?.parse().ok());
    let found = Cost {
        instructions: instructions(&counts),
        bytes: bytes.unwrap_or_default(),
        ..calls(&counts)
    };
    let written = written(test);
    let within = |found: u64, written: u64, part: u64| found <= written + written / part;
    assert!(
        within(found.instructions, written.instructions, GROWTH)
            && within(found.allocations, written.allocations, ALLOCATIONS)
            && found.steps <= written.steps
            && within(found.bytes, written.bytes, GROWTH),
        "`{test}` became dearer: {found}\nwritten: {written}"
    );
    assert!(
        within(written.allocations, found.allocations, ALLOCATIONS) && found.steps == written.steps,
        "`{test}` became cheaper, and could become dearer again unseen; write it: {found}\nwritten: {written}"
    );
}

/// Returns the cost of a path in `costs.txt`.
fn written(test: &str) -> Cost {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests/counted/costs.txt");
    let costs = fs::read_to_string(path).unwrap();
    let line = costs
        .lines()
        .find_map(|line| line.strip_prefix(test)?.strip_prefix(' '));
    let numbers: Vec<u64> = line
        .unwrap_or_default()
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect();
    let [instructions, allocations, steps, bytes] = numbers[..] else {
        panic!("costs.txt does not have `{test}` with four numbers");
    };
    Cost {
        instructions,
        allocations,
        steps,
        bytes,
    }
}

/// As a line of `costs.txt` has it.
impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            instructions,
            allocations,
            steps,
            bytes,
        } = self;
        write!(f, "{instructions} {allocations} {steps} {bytes}")
    }
}

fn instructions(counts: &str) -> u64 {
    let totals = counts.lines().find_map(|line| line.strip_prefix("totals: "));
    totals.expect("the total").trim().parse().expect("a number")
}

/// Adds up the calls of functions by name.
fn calls(counts: &str) -> Cost {
    let mut calls = HashMap::<&str, u64>::new();
    let mut called = "";
    for line in counts.lines() {
        if let Some(name) = line.strip_prefix("cfn=") {
            called = name;
        } else if let Some(count) = line.strip_prefix("calls=") {
            let count: u64 = count.split_whitespace().next().unwrap_or_default().parse().unwrap();
            *calls.entry(called).or_default() += count;
        }
    }
    let of = |names: &[&str]| names.iter().filter_map(|name| calls.get(name)).sum();
    Cost {
        instructions: 0,
        allocations: of(&["malloc", "calloc", "realloc"]),
        steps: of(&["sqlite3_step"]),
        bytes: 0,
    }
}
