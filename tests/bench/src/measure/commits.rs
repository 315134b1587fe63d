//! The person's commits of a repository.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};
use keeptab_core::instant::Span;
use keeptab_repository::{commits, proposed_note};

use super::Bench;
use crate::clock;
use crate::sample::Sample;
use crate::table::{Reach, Table, Unit};

/// Commits in the repository, all of one person; one every five minutes.
const COMMITS: usize = 5_000;

/// Measures reading all commits, first each in a loose object and then all in a pack, beside `git log` for the same.
///
/// Git makes the repository; without Git, nothing is measured.
pub fn measure(bench: &Bench, table: &mut Table) -> Result<()> {
    let folder = tempfile::tempdir()?;
    if git(folder.path(), &["init", "--quiet"]).is_err() {
        eprintln!("git is not there: commits are not measured");
        return Ok(());
    }
    git(folder.path(), &["config", "user.email", "jane@example.com"])?;
    import(folder.path())?;
    unpack(folder.path())?;
    row(
        bench,
        table,
        folder.path(),
        "5,000 commits read, an object file each",
        Reach::None,
    )?;
    git(folder.path(), &["repack", "-adq"])?;
    git(folder.path(), &["prune-packed", "-q"])?;
    row(bench, table, folder.path(), "the same, packed", Reach::AtMost(100.0))
}

fn row(bench: &Bench, table: &mut Table, folder: &Path, what: &str, reach: Reach) -> Result<()> {
    let [mut own, mut peer] = [const { Sample::new() }; 2];
    for _ in 0..bench.rounds {
        let begun = clock::now();
        let commits = commits(folder, Span::ALL)?;
        own.add_time(clock::now() - begun);
        ensure!(commits.len() == COMMITS, "{} commits were read", commits.len());
        ensure!(proposed_note(&commits).is_some(), "no note is proposed");
        let begun = clock::now();
        git(
            folder,
            &[
                "log",
                "--branches",
                "--no-merges",
                "--author=jane@",
                "--format=%at %h %s",
            ],
        )?;
        peer.add_time(clock::now() - begun);
    }
    table.row(what, Unit::Milliseconds, &own, Some(("git log", &peer)), reach)
}

fn import(folder: &Path) -> Result<()> {
    let mut stream = String::new();
    for number in 0..COMMITS {
        let subject = format!("Change number {number} of the orders page");
        let at = 1_700_000_000 + number * 300;
        let person = format!("Jane <jane@example.com> {at} +0100");
        writeln!(stream, "commit refs/heads/main\nauthor {person}\ncommitter {person}")?;
        writeln!(stream, "data {}\n{subject}", subject.len())?;
        writeln!(
            stream,
            "M 100644 inline src/file{}\ndata 3\n{:03}",
            number % 40,
            number % 1000
        )?;
    }
    let file = folder.join("stream");
    std::fs::write(&file, stream)?;
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(["fast-import", "--quiet"]);
    ensure!(
        command.stdin(std::fs::File::open(file)?).status()?.success(),
        "git fast-import failed"
    );
    Ok(())
}

/// Turns each object of the pack into a loose object.
fn unpack(folder: &Path) -> Result<()> {
    let packs = folder.join(".git/objects/pack");
    for entry in std::fs::read_dir(&packs)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "pack") {
            // Git does not unpack objects that a pack of the repository holds, so the pack is moved away first.
            let pack = folder.join("pack");
            std::fs::rename(&path, &pack)?;
            std::fs::remove_file(path.with_extension("idx"))?;
            let mut command = Command::new("git");
            command.arg("-C").arg(folder).args(["unpack-objects", "-q"]);
            ensure!(
                command.stdin(std::fs::File::open(pack)?).status()?.success(),
                "git unpack-objects failed"
            );
        }
    }
    Ok(())
}

fn git(folder: &Path, arguments: &[&str]) -> Result<()> {
    let output = Command::new("git").arg("-C").arg(folder).args(arguments).output()?;
    ensure!(output.status.success(), "git {arguments:?} failed");
    Ok(())
}
