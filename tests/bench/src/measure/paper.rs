//! An invoice as PDF: computed, typeset and written.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::Bench;
use crate::clock;
use crate::editor::Editor;
use crate::home::Home;
use crate::sample::Sample;
use crate::table::{Reach, Table, Unit};

/// Number of previews per round in a host, after the first.
const PREVIEWS: usize = 20;

/// Prints the same invoice, as a page, with a warm WeasyPrint; its peak of memory comes last, in kilobytes.
const WARM: &str = "import resource, sys, time
from weasyprint import HTML
page = open(sys.argv[1]).read()
HTML(string=page).write_pdf()
for _ in range(5):
    begun = time.perf_counter()
    HTML(string=page).write_pdf()
    print((time.perf_counter() - begun) * 1000)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)";

/// Measures the preview of a draft in a host and as a whole process, beside WeasyPrint if there is one.
pub fn measure(bench: &Bench, table: &mut Table) -> Result<()> {
    let home = Home::settled(&bench.host)?;
    let keeptab = |arguments: &[&str]| -> Result<(Value, Duration)> {
        let mut command = Command::new(&bench.host.path);
        command.env("KEEPTAB_HOME", home.path()).args(arguments).arg("--json");
        let begun = clock::now();
        let output = command.output()?;
        let taken = clock::now() - begun;
        let told = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "keeptab {}: {told}", arguments.join(" "));
        Ok((serde_json::from_slice(&output.stdout)?, taken))
    };
    // Projects 0, 5 and 10 belong to client-0.
    let projects = keeptab(&["project", "list"])?.0;
    let of_client = |project: &&Value| project["client"] == "client-0";
    let projects = projects["projects"]
        .as_array()
        .or(projects.as_array())
        .context("there are no projects")?;
    for project in projects.iter().filter(of_client).take(4) {
        keeptab(&["add", project["id"].as_str().unwrap_or_default(), "7:30"])?;
    }
    let [mut first, mut warm, mut whole, mut memory] = [const { Sample::new() }; 4];
    let [mut peer_warm, mut peer_whole, mut peer_memory] = [const { Sample::new() }; 3];
    let page = page(&keeptab)?;
    for round in 0..bench.rounds {
        let mut editor = Editor::start(&bench.host, home.path())?;
        editor.open(&format!("paper-{round}"))?;
        first.add_time(preview(&mut editor)?);
        let mut previews = Sample::default();
        for _ in 0..PREVIEWS {
            // Add some time before each preview, so that no two invoices are equal.
            let added = json!({ "command": "keeptab.add", "arguments": ["project-0", "0:15"] });
            editor.request("workspace/executeCommand", &added)?;
            previews.add_time(preview(&mut editor)?);
        }
        warm.add(previews.percentile(50));
        memory.add(editor.process().megabytes("VmHWM")?);
        editor.end()?;
        whole.add_time(keeptab(&["invoice", "draft", "client-0"])?.1);
        if let Some(python) = &bench.weasyprint {
            peer(python, &page, [&mut peer_warm, &mut peer_whole, &mut peer_memory])?;
        }
    }
    let beside = |sample| bench.weasyprint.is_some().then_some(("WeasyPrint", sample));
    let ms = Unit::Milliseconds;
    table.row("an invoice's PDF in a host, the first", ms, &first, None, Reach::None)?;
    table.row("the next ones", ms, &warm, beside(&peer_warm), Reach::AtMost(8.0))?;
    table.row(
        "the same as a whole process",
        ms,
        &whole,
        beside(&peer_whole),
        Reach::AtMost(40.0),
    )?;
    let most = Reach::AtMost(60.0);
    table.row(
        "peak memory of that host",
        Unit::Megabytes,
        &memory,
        beside(&peer_memory),
        most,
    )
}

/// Requests the draft, which is computed anew and written as PDF each time.
fn preview(editor: &mut Editor) -> Result<Duration> {
    let question = json!({ "command": "keeptab.invoice", "arguments": ["draft", "client-0"] });
    let begun = clock::now();
    let (answer, at) = editor.request("workspace/executeCommand", &question)?;
    ensure!(answer["data"]["files"][0].is_string(), "there is no PDF: {answer}");
    Ok(at - begun)
}

/// Issues an invoice to another client and returns its page.
fn page(keeptab: &impl Fn(&[&str]) -> Result<(Value, Duration)>) -> Result<String> {
    let project = |index: usize| format!("project-{index}");
    keeptab(&["add", &project(1), "7:30"])?;
    let issued = keeptab(&["invoice", "issue", "client-1"])?.0;
    let number = issued["number"].as_str().context("there is no number")?;
    let rendered = keeptab(&["invoice", "render", number, "--format", "html"])?.0;
    let files = rendered["files"].as_array().context("there are no files")?;
    let page = files
        .iter()
        .filter_map(Value::as_str)
        .find(|file| Path::new(file).extension().is_some_and(|end| end == "html"));
    Ok(page.context("there is no page")?.to_owned())
}

/// Has WeasyPrint print the page.
fn peer(python: &Path, page: &str, [warm, whole, memory]: [&mut Sample; 3]) -> Result<()> {
    let output = Command::new(python).args(["-c", WARM, page]).output()?;
    let told = String::from_utf8_lossy(&output.stdout);
    let mut numbers: Vec<f64> = told.lines().filter_map(|line| line.parse().ok()).collect();
    let kilobytes = numbers
        .pop()
        .context("WeasyPrint does not run\nhint: pip install weasyprint")?;
    for taken in numbers {
        warm.add(taken);
    }
    memory.add(kilobytes * 1024.0 / 1_000_000.0);
    let begun = clock::now();
    let printed = Command::new(python).args(["-m", "weasyprint", page, "-"]).output()?;
    ensure!(printed.stdout.starts_with(b"%PDF"), "WeasyPrint printed nothing");
    whole.add_time(clock::now() - begun);
    Ok(())
}
