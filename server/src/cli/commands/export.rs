//! `keeptab export`: everything, in open formats.

mod readback;
mod tables;

use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, anyhow, bail};
use clap::Args;
use keeptab_engine::{Done, Engine, Exported};
use keeptab_import::{FORMAT, Own};
use keeptab_present::flow::Call;
use keeptab_system::home::{Beside, Home};
use schemars::JsonSchema;
use serde::Serialize;

use super::output::{Output, cells};
use super::schema::of;
use super::{About, Command};
use readback::Tally;
use tables::Tables;

/// Write everything that is kept, as JSON or as tables
#[derive(Debug, Args)]
pub(in crate::cli) struct Export {
    /// Tables, in a folder
    #[arg(long)]
    csv: bool,
    /// Write exact texts into the tables, also those that a spreadsheet would run
    #[arg(long, requires = "csv")]
    raw: bool,
    /// The folder; - is standard output, for JSON
    #[arg(default_value = "-", value_name = "FOLDER")]
    to: PathBuf,
}

/// The files of an export.
#[derive(Serialize, JsonSchema)]
struct ExportedFiles {
    /// Their paths.
    files: Vec<PathBuf>,
}

const JSON_FILE: &str = "keeptab.json";

const DOCTOR: &str = "hint: `keeptab doctor` looks at the database";

impl Command for Export {
    const ABOUT: About = About {
        name: "export",
        palette: Some("asks what to write and into which folder; with a folder writes all as JSON there"),
        examples: &[(
            "export",
            &["keeptab export > everything.json", "keeptab export --csv ~/tables"],
        )],
        answers: &[("export", of::<ExportedFiles>)],
    };

    fn call(self) -> Result<Call> {
        if self.to.as_os_str() == "-" {
            bail!("an export from an editor is written to a folder\nhint: name one, such as ~/keeptab-export");
        }
        Ok(Call::new(move |engine, _| {
            let files = self.write(engine)?;
            let folder = self.to.display();
            let done = Done::new(format!("Exported to {folder}."));
            Ok(files.into_iter().fold(done, Done::with_file))
        }))
    }

    fn run(self, home: Home, output: &Output) -> Result<ExitCode> {
        let to_stdout = self.to.as_os_str() == "-";
        if self.csv && to_stdout {
            return output.refuse(&anyhow!("tables are several files\nhint: name a folder for them"));
        }
        let engine = output.open(home)?;
        if to_stdout {
            let written = write_json(&engine, Output::json_lines(), |_| Ok(()));
            return match written {
                Err(error) if is_broken_pipe(&error) => Ok(ExitCode::SUCCESS),
                written => written.and_then(whole).map(|()| ExitCode::SUCCESS),
            };
        }
        let files = self.write(&engine)?;
        let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
        output.written(names.join("\n"), &ExportedFiles { files })
    }
}

impl Export {
    /// Writes the files, and returns their paths.
    fn write(&self, engine: &Engine) -> Result<Vec<PathBuf>> {
        let folder = std::path::absolute(&self.to)?;
        if self.csv {
            return Tables::new(&folder, cells(self.raw))?.write(engine);
        }
        let beside = Beside::new(&folder.join(JSON_FILE))?;
        let mut tally = Tally::default();
        whole(write_json(engine, beside.file(), |own| tally.take(own))?)?;
        put_in_place(vec![beside], tally)
    }
}

/// Refuses an export that lacks records of the database.
fn whole(exported: Exported) -> Result<()> {
    if let Some(damage) = exported.damage {
        bail!(
            "nothing was replaced: the database is damaged, so that an export may lack some of it: {damage}\n{DOCTOR}"
        );
    }
    Ok(())
}

/// Puts files of an export in their places once they are read back.
fn put_in_place(files: Vec<Beside>, written: Tally) -> Result<Vec<PathBuf>> {
    let paths: Vec<&Path> = files.iter().map(Beside::path).collect();
    readback::check(paths, written).context(format!(
        "nothing was replaced: the export cannot be read back\n{DOCTOR}"
    ))?;
    files.into_iter().map(Beside::put).collect()
}

/// Writes an array with a record on each line: a cut file loses only the records behind the cut.
fn write_json(engine: &Engine, file: impl Write, mut each: impl FnMut(&Own) -> Result<()>) -> Result<Exported> {
    let mut file = BufWriter::new(file);
    write!(file, "[\n{}", serde_json::to_string(&Own::Keeptab(FORMAT))?)?;
    let exported = engine.export(&mut |own| {
        each(&own)?;
        writeln!(file, ",")?;
        serde_json::to_writer(&mut file, &own)?;
        Ok(())
    })?;
    file.write_all(b"\n]\n")?;
    file.flush()?;
    Ok(exported)
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let io = error.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
    let json = error
        .downcast_ref::<serde_json::Error>()
        .and_then(serde_json::Error::io_error_kind);
    io.or(json) == Some(ErrorKind::BrokenPipe)
}
