//! Several editors at once on one home.

use crate::harness::{Home, Host, Trace, files_below};

#[test]
fn two_editors_add_up_to_the_union_of_their_time() {
    const BATCHES: i64 = 300;
    let home = Home::jane();
    let mut hosts = [home.plugin("vscode-1"), home.plugin("nvim-1")];
    let mut traces = [Trace::new(), Trace::new()];
    for batch in 0..BATCHES {
        // One works in even tens of seconds and the other in odd ones, both all day long.
        for (host, (trace, offset)) in hosts.iter_mut().zip(traces.iter_mut().zip([0, 10])) {
            let path = format!("/work/acme/api/{}.rs", batch % 50);
            let begun = usize::try_from(trace.last()).expect("a number");
            let more = |trace: Trace, at: i64| trace.work(&path, at..=at);
            *trace = (0..10)
                .map(|step| batch * 200 + step * 20 + offset)
                .fold(std::mem::take(trace), more);
            host.send_events(&trace.events()[begun..]);
        }
        if batch % 50 == 0 {
            home.cli(["report", "--all"]).ok();
        }
    }
    for (host, trace) in hosts.iter_mut().zip(&traces) {
        host.taken(trace.last());
        host.expect_no_error();
    }
    assert_eq!(home.events(), traces[0].last() + traces[1].last());
    let report = home.cli(["report", "--all"]).json();
    assert_eq!(report["totalSeconds"], BATCHES * 200 - 10);
    assert_eq!(report["rows"][0]["seconds"], BATCHES * 200 - 10);
}

#[test]
fn editors_that_start_at_the_same_moment_make_one_database() {
    for _ in 0..4 {
        let home = Home::empty();
        let mut hosts: Vec<Host> = (0..8).map(|_| home.host()).collect();
        let trace = Trace::new().work("/work/a.rs", 0..=600);
        for (index, host) in hosts.iter_mut().enumerate() {
            let options = serde_json::json!({ "activity": "plugin", "source": format!("editor-{index}") });
            host.initialize(&options);
            host.send_events(trace.events());
        }
        for host in &mut hosts {
            host.taken(trace.last());
            host.expect_no_error();
        }
        assert_eq!(home.events(), 8 * trace.last());
        // A database is made under such a name. The first backup may still be written; it lies in a folder of its own.
        let unfinished = files_below(&home.folder())
            .into_iter()
            .filter(|file| file.parent() == Some(&home.folder()))
            .filter(|file| file.to_string_lossy().contains(".new-db"));
        assert_eq!(unfinished.collect::<Vec<_>>(), Vec::<std::path::PathBuf>::new());
    }
}

#[test]
fn commands_that_start_at_the_same_moment_make_one_database() {
    let home = Home::empty();
    std::thread::scope(|scope| {
        let starts: Vec<_> = (0..8).map(|_| scope.spawn(|| home.cli(["status"]).json())).collect();
        for start in starts {
            assert_eq!(start.join().expect("a status")["state"], "idle");
        }
    });
}
