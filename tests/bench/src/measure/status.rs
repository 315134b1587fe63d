//! The status bar's numbers with ten years behind them.

use anyhow::{Result, ensure};
use rusqlite::Connection;
use serde_json::json;

use super::{Bench, SCAN};
use crate::clock::{self, DAY};
use crate::editor::{Editor, activity};
use crate::history::{Heartbeat, history};
use crate::home::Home;
use crate::sample::Sample;
use crate::table::{Reach, Table, Unit};

/// Requests per round.
const ASKED: u32 = 200;

/// Measures `keeptab.status` right after the start, repeatedly, and after a late event.
pub fn measure(bench: &Bench, table: &mut Table) -> Result<()> {
    of_home(bench, table, bench.decade()?, ("2 million heartbeats", SCAN))
}

/// Measures the same over any home that has time of today and unbilled time.
pub(super) fn of_home(bench: &Bench, table: &mut Table, home: &Home, (history, scan_of): (&str, &str)) -> Result<()> {
    let [mut first, mut half, mut most, mut again, mut echo, mut scan] = [const { Sample::new() }; 6];
    for round in 0..bench.rounds {
        let mut editor = Editor::start(&bench.host, home.path())?;
        editor.open(&format!("status-{round}"))?;
        first.add_time(editor.command("status")?);
        let question = json!({ "command": "keeptab.status", "arguments": [] });
        let (shown, _) = editor.request("workspace/executeCommand", &question)?;
        ensure!(
            shown["data"]["todaySeconds"].as_i64() > Some(600),
            "the host sees nothing of today: {shown}"
        );
        ensure!(
            shown["data"]["unbilled"][0].is_object(),
            "the host sees nothing of ten years: {shown}"
        );
        let mut sample = Sample::default();
        for _ in 0..ASKED {
            sample.add_time(editor.command("status")?);
        }
        half.add(sample.percentile(50));
        most.add(sample.percentile(99));

        // The host updates the status itself a second later; this request comes before that.
        let late = late();
        editor.send(&activity(&[late.wire()]))?;
        editor.taken(late.seq)?;
        again.add_time(editor.command("status")?);
        editor.end()?;

        let mut peer = Editor::start(&bench.echo, home.path())?;
        peer.open("status")?;
        let mut sample = Sample::default();
        for _ in 0..ASKED {
            sample.add_time(peer.command("status")?);
        }
        echo.add(sample.percentile(99));
        peer.end()?;

        let connection = Connection::open(home.database())?;
        let begun = clock::now();
        connection.query_row(scan_of, [], |_| Ok(()))?;
        scan.add_time(clock::now() - begun);
    }
    let ms = Unit::Milliseconds;
    table.row(
        &format!("`keeptab.status`, {history}, p50"),
        ms,
        &half,
        Some(("echo p99", &echo)),
        Reach::None,
    )?;
    table.row("p99", ms, &most, Some(("echo p99", &echo)), Reach::AtMost(1.0))?;
    let peer = Some(("one scan of the table", &scan));
    table.row("the first after the start", ms, &first, peer, Reach::AtMost(30.0))?;
    table.row("after something of last week came in", ms, &again, peer, Reach::None)
}

/// Returns a heartbeat of a week ago.
fn late() -> Heartbeat {
    let mut heartbeat = history(1, 1, crate::clock::Evening::now())[0];
    heartbeat.at -= 7 * DAY;
    heartbeat
}
