//! A timesheet of 500 lines in the editor.

use std::fs;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::Bench;
use crate::clock::{self, DAY, Evening};
use crate::direct::Direct;
use crate::editor::{Editor, frame};
use crate::history::Heartbeat;
use crate::home::{Home, checkpoint};
use crate::sample::Sample;
use crate::table::{Reach, Table, Unit};

/// Lines per day.
const A_DAY: i64 = 72;
/// Keys per round.
const KEYS: usize = 100;
/// Lines changed before each save.
const CHANGED: usize = 50;

/// Measures opening the sheet, diagnostics after a key, completion, and applying it.
pub fn measure(bench: &Bench, table: &mut Table) -> Result<()> {
    let home = Home::settled(&bench.host)?;
    let mut direct = Direct::open(&home.database())?;
    let heartbeats = week();
    direct.name(&heartbeats)?;
    direct.commit(&heartbeats)?;
    direct.touch_days()?;
    checkpoint(direct.connection())?;
    let [mut open, mut checked, mut completed, mut applied, mut echo] = [const { Sample::new() }; 5];
    for round in 0..bench.rounds {
        let mut editor = Editor::start(&bench.host, home.path())?;
        editor.open(&format!("sheet-{round}"))?;
        let asked = clock::now();
        let question = json!({ "command": "keeptab.review", "arguments": [last_week(&mut editor)?] });
        let (answer, at) = editor.request("workspace/executeCommand", &question)?;
        open.add_time(at - asked);
        let mut text = fs::read_to_string(answer["data"]["path"].as_str().context("there is no path")?)?;
        let lines = text.lines().count();
        ensure!((500..600).contains(&lines), "the sheet has {lines} lines");
        let uri = format!("file://{}", answer["data"]["path"].as_str().unwrap_or_default());
        let document = json!({ "uri": uri, "languageId": "timesheet", "version": 0, "text": text });
        tell(
            &mut editor,
            "textDocument/didOpen",
            &json!({ "textDocument": document }),
        )?;
        editor.said_of("textDocument/publishDiagnostics")?;
        let mut keys = Sample::default();
        let mut choices = Sample::default();
        for key in 0..KEYS {
            text.push_str("# x\n");
            let begun = change(&mut editor, &uri, key + 1, &text)?;
            keys.add_time(editor.said_of("textDocument/publishDiagnostics")? - begun);
            let position = json!({ "line": 12, "character": 15 });
            let asked = clock::now();
            let params = json!({ "textDocument": { "uri": uri }, "position": position });
            let (found, at) = editor.request("textDocument/completion", &params)?;
            ensure!(found.to_string().contains("project-"), "no project is offered: {found}");
            choices.add_time(at - asked);
        }
        checked.add(keys.percentile(99));
        completed.add(choices.percentile(99));
        // Every changed line goes to another project than in the round before.
        let other = format!("project-{}", 10 + round % 20);
        let changed: Vec<String> = text
            .lines()
            .enumerate()
            .map(|(index, line)| retagged(index, line, &other))
            .collect();
        change(&mut editor, &uri, KEYS + 1, &changed.join("\n"))?;
        let asked = clock::now();
        let params = json!({ "textDocument": { "uri": uri }, "reason": 1 });
        let (edits, at) = editor.request("textDocument/willSaveWaitUntil", &params)?;
        ensure!(edits.is_array(), "nothing was applied: {edits}");
        applied.add_time(at - asked);
        editor.end()?;

        let mut peer = Editor::start(&bench.echo, home.path())?;
        peer.open("sheet")?;
        echo.add_time(peer.command("status")?);
        peer.end()?;
    }
    let (ms, peer) = (Unit::Milliseconds, Some(("echo", &echo)));
    table.row("a timesheet of 500 lines opened", ms, &open, peer, Reach::AtMost(20.0))?;
    table.row(
        "what is wrong with it after a key, p99",
        ms,
        &checked,
        peer,
        Reach::AtMost(5.0),
    )?;
    table.row("completion in it, p99", ms, &completed, peer, Reach::AtMost(5.0))?;
    let name = format!("{CHANGED} changed lines applied and refreshed");
    table.row(&name, ms, &applied, peer, Reach::AtMost(50.0))
}

fn retagged(index: usize, line: &str, other: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        [time, _] if time.contains('-') && index.is_multiple_of(10) && index / 10 < CHANGED => {
            format!("  {time}  {other}")
        }
        _ => line.to_owned(),
    }
}

fn tell(editor: &mut Editor, method: &str, params: &Value) -> Result<()> {
    editor.send(&frame(&json!({ "jsonrpc": "2.0", "method": method, "params": params })))
}

fn change(editor: &mut Editor, uri: &str, version: usize, text: &str) -> Result<Instant> {
    let document = json!({ "uri": uri, "version": version });
    let params = json!({ "textDocument": document, "contentChanges": [{ "text": text }] });
    let begun = clock::now();
    tell(editor, "textDocument/didChange", &params)?;
    Ok(begun)
}

/// Returns the week of the work.
fn last_week(editor: &mut Editor) -> Result<String> {
    let question = json!({ "command": "keeptab.report", "arguments": ["--all", "--by", "week"] });
    let (answer, _) = editor.request("workspace/executeCommand", &question)?;
    let week = answer["data"]["rows"][0]["day"].as_str();
    Ok(week.context("there is no week")?.to_owned())
}

/// Makes seven days of last week: twelve hours a day, another project every ten minutes.
fn week() -> Vec<Heartbeat> {
    let today = Evening::now().today();
    // 1970-01-01 was a Thursday; at noon the zone does not matter.
    let weekday = ((today + DAY / 2).div_euclid(DAY) + 3).rem_euclid(7);
    let monday = today - (weekday + 7) * DAY;
    let mut heartbeats = Vec::new();
    for day in 0..7 {
        for line in 0..A_DAY {
            for second in (0..600).step_by(30) {
                heartbeats.push(Heartbeat {
                    at: monday + day * DAY + 8 * 3_600_000 + line * 600_000 + second * 1000,
                    window: 0,
                    seq: u32::try_from(heartbeats.len()).unwrap_or_default() + 1,
                    kind: 0,
                    agent: false,
                    project: u32::try_from(line % 40).unwrap_or_default(),
                    file: 0,
                });
            }
        }
    }
    heartbeats
}
