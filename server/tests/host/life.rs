//! A host ends with its editor, soon and without losing anything.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Home, Host, Trace};

/// The longest time that an end may take.
const SOON: Duration = Duration::from_secs(1);

/// Ends a host in some way while it has work to write, and returns its exit code.
fn end(bring_about: impl FnOnce(&mut Host)) -> Option<i32> {
    let home = Home::jane();
    let mut host = home.plugin("test");
    let trace = Trace::new().work("/work/acme/api/a.rs", 0..=60_000);
    // The host is not waited for: events sent before the end are stored.
    host.send_events(trace.events());
    bring_about(&mut host);
    let (code, took) = host.ended();
    assert!(took < SOON, "the end took {took:?}");
    assert_eq!(home.events(), trace.last());
    code
}

#[test]
fn exit_ends_it_though_stdin_stays_open() {
    assert_eq!(end(|host| host.notify("exit", &Value::Null)), Some(1));
}

#[test]
fn exit_after_shutdown_is_an_orderly_end() {
    let code = end(|host| {
        host.ask("shutdown", &Value::Null);
        host.notify("exit", &Value::Null);
    });
    assert_eq!(code, Some(0));
}

#[test]
fn the_end_of_stdin_ends_it() {
    assert_eq!(end(Host::close), Some(1));
    let shut_down = |host: &mut Host| {
        host.ask("shutdown", &Value::Null);
        host.close();
    };
    assert_eq!(end(shut_down), Some(0));
}

#[test]
fn it_ends_before_anyone_spoke_to_it() {
    let home = Home::empty();
    for leave in [Host::close, |host: &mut Host| host.notify("exit", &Value::Null)] {
        let mut host = home.host();
        leave(&mut host);
        assert!(host.ended().1 < SOON);
    }
}

/// Starts a host for an editor with a process id.
fn of_process(home: &Home, id: &Value) -> Host {
    let mut host = home.host();
    let options = json!({ "activity": "plugin", "source": "test" });
    host.ask(
        "initialize",
        &json!({ "processId": id, "capabilities": {}, "initializationOptions": options }),
    );
    host
}

#[test]
#[cfg(unix)]
fn it_ends_with_its_editors_process_though_stdin_stays_open() {
    let home = Home::jane();
    // Any process serves as the editor; here, a host of another home.
    let elsewhere = Home::empty();
    let editor = elsewhere.host();
    let mut host = of_process(&home, &editor.id().into());
    let trace = Trace::new().work("/work/acme/api/a.rs", 0..=60_000);
    host.send_events(trace.events());
    editor.kill9();
    let (code, took) = host.ended();
    assert!(took < SOON, "the end took {took:?}");
    assert_eq!(code, Some(1));
}

#[test]
fn a_process_id_that_means_nothing_is_ignored() {
    let home = Home::jane();
    // Beyond the highest id of any system, no process, beyond any valid number, and none.
    for id in [json!(999_999_999), json!(0), json!(u32::MAX), Value::Null] {
        let mut host = of_process(&home, &id);
        host.execute("keeptab.status", &[])
            .unwrap_or_else(|error| panic!("{id}: {error}"));
    }
}
