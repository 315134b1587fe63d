//! Acknowledged events are on the disk after any end of the host; others are sent again and count once.

use serde_json::json;

use crate::harness::{Home, Host, Trace};

/// Seconds of work without a break, with one heartbeat per second.
const SECONDS: i64 = 40_000;
/// Events per notification: enough for a commit to take a while.
const AT_ONCE: usize = 4_000;

/// One heartbeat a second, each in a file of its own now and then.
fn day() -> Trace {
    let of = |trace: Trace, second: i64| {
        let path = format!("/work/acme/api/{}.rs", second % 500);
        trace.work(&path, second..=second)
    };
    (0..=SECONDS).fold(Trace::new(), of)
}

/// Returns the highest acknowledged number.
fn acknowledged(host: Host) -> u64 {
    let said = host.kill9();
    let taken = said.iter().filter(|message| message["method"] == "keeptab/taken");
    taken
        .filter_map(|message| message["params"]["seq"].as_u64())
        .max()
        .unwrap_or_default()
}

#[test]
fn a_killed_host_has_kept_all_that_it_acknowledged() {
    let home = Home::jane();
    let day = day();
    let mut known = 0;
    let mut kills = 0;
    while known < day.last() {
        let mut host = home.plugin("nvim-1");
        // Only acknowledged events are known to be stored: the rest is sent again, and some of it twice.
        let from = usize::try_from(known).expect("a number").saturating_sub(AT_ONCE / 2);
        // The host is killed as soon as it has acknowledged something new, while the rest still comes in.
        let stream = host.stream(day.events()[from..].to_vec(), AT_ONCE);
        let taken = host.taken(known + 1);
        known = acknowledged(host).max(taken);
        stream.join().expect("the end of the stream");
        kills += 1;
        let kept = home.events();
        assert!(kept >= known, "{known} were acknowledged, {kept} are kept");
        assert!(kept <= day.last(), "{kept} are kept of {}", day.last());
    }
    assert!(kills > 1, "the host was never killed in the middle of the stream");
    assert_eq!(home.events(), day.last());
    assert_eq!(home.cli(["report", "--all"]).json()["totalSeconds"], SECONDS);
}

#[test]
fn what_is_sent_again_counts_once() {
    let home = Home::jane();
    let trace = Trace::new().work("/work/acme/api/a.rs", 0..=600);
    let mut first = home.plugin("nvim-1");
    first.record(&trace);
    first.record(&trace);
    first.kill9();
    let mut second = home.plugin("nvim-1");
    second.record(&trace);
    assert_eq!(home.events(), trace.last());
    // Another editor has numbers of its own.
    home.plugin("nvim-2").record(&trace);
    assert_eq!(home.events(), 2 * trace.last());
    assert_eq!(home.cli(["report", "--all"]).json()["totalSeconds"], 600);
}

#[test]
fn what_is_sent_again_without_an_instant_counts_once() {
    let home = Home::jane();
    let mut host = home.plugin("nvim-1");
    // Its instant is that of its arrival, which differs each time: only its number shows that it came before.
    let trace = Trace::new().event(json!({ "kind": "edit", "uri": "file:///work/acme/api/a.rs" }));
    host.record(&trace);
    for last in 2..=20 {
        host.send_events(trace.events());
        host.record(&Trace::after(last - 1).work("/work/acme/api/a.rs", 0..=0));
    }
    assert_eq!(home.events(), 20);
}
