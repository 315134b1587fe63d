//! `keeptab export`: everything, for whatever comes after.

mod readback;

use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, anyhow};
use clap::Args;
use serde::Serialize;
use serde_json::json;

use super::output::{Output, report_error};
use crate::clock;
use crate::engine::Engine;
use crate::home::Home;
use crate::import::{FORMAT, Own};
use readback::Tally;

/// Its options.
#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// Tables, in a folder
    #[arg(long)]
    csv: bool,
    /// The folder; - is standard output, for JSON
    #[arg(default_value = "-", value_name = "FOLDER")]
    to: PathBuf,
}

const JSON_FILE: &str = "keeptab.json";

/// The tables with their columns, in the order of their records; one that is empty has its columns, too.
const TABLES: [(&str, &str); 12] = [
    ("sources.csv", "place,device,source,taken"),
    (
        "events.csv",
        "at,device,source,seq,kind,actor,entity,text,root,language",
    ),
    (
        "entries.csv",
        "entry,day,from,to,milliseconds,project,note,billable,billedElsewhere,fingerprint,device,n,madeAt,apply,place,\
         beside,rows,free,undone",
    ),
    ("applies.csv", "apply,device,n,madeAt,undone"),
    ("voids.csv", "voided,apply"),
    (
        "corrections.csv",
        "apply,madeAt,from,to,change,target,note,billable,device,n",
    ),
    ("undone.csv", "device,first,last"),
    (
        "invoices.csv",
        "number,kind,cancels,client,issueDate,issuedAt,sentOn,note,content",
    ),
    ("claims.csv", "invoice,line,from,to,entry,live,milliseconds,spans"),
    ("credits.csv", "invoice,line,creditNote"),
    ("payments.csv", "invoice,amount,day,madeAt"),
    ("series.csv", "org,month,next,lastDate,first"),
];

pub(super) fn run(arguments: &ExportArgs, home: Home, output: &Output) -> Result<ExitCode> {
    let to_stdout = arguments.to.as_os_str() == "-";
    if arguments.csv && to_stdout {
        report_error(&anyhow!("tables are several files\nhint: name a folder for them"));
        return Ok(ExitCode::from(2));
    }
    let engine = Engine::open(home, clock::now())?;
    if to_stdout {
        let written = write_json(&engine, std::io::stdout().lock(), |_| Ok(()));
        return match written {
            Err(error) if is_broken_pipe(&error) => Ok(ExitCode::SUCCESS),
            written => written.map(|()| ExitCode::SUCCESS),
        };
    }
    let folder = std::path::absolute(&arguments.to)?;
    crate::home::make_private_folder(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut beside = Beside { files: Vec::new() };
    let mut create = |name: &str| -> Result<File> {
        let new = folder.join(format!(".new-{}-{name}", std::process::id()));
        let file = File::create(&new).with_context(|| format!("cannot write {}", new.display()))?;
        beside.files.push((new, folder.join(name)));
        Ok(file)
    };
    let mut tally = Tally::default();
    if arguments.csv {
        let table = |(name, columns): (&str, &str)| -> Result<csv::Writer<BufWriter<File>>> {
            let file = BufWriter::new(create(name)?);
            let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(file);
            writer.write_record(columns.split(','))?;
            Ok(writer)
        };
        let mut writers = TABLES.into_iter().map(table).collect::<Result<Vec<_>>>()?;
        engine.export(&mut |own| {
            tally.take(&own)?;
            write_row(&mut writers, &own)
        })?;
        writers.iter_mut().try_for_each(csv::Writer::flush)?;
        for writer in writers {
            let file = writer.into_inner().map_err(|error| anyhow!("{error}"))?;
            file.get_ref().sync_all()?;
        }
    } else {
        let file = create(JSON_FILE)?;
        write_json(&engine, &file, |own| tally.take(own))?;
        file.sync_all()?;
    }
    let written = beside.files.iter().map(|(new, _)| new.as_path());
    readback::check(written, tally)
        .context("the export was not written: it cannot be read back\nhint: `keeptab doctor` looks at the database")?;
    let files = beside.put_in_place()?;
    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    output.either(names.join("\n"), || json!({ "files": files }))
}

/// Files beside their places: removed again unless they are put there.
struct Beside {
    files: Vec<(PathBuf, PathBuf)>,
}

impl Beside {
    /// Puts all of them in their places.
    fn put_in_place(mut self) -> Result<Vec<PathBuf>> {
        let mut places = Vec::new();
        for (new, place) in std::mem::take(&mut self.files) {
            std::fs::rename(&new, &place).with_context(|| format!("cannot write {}", place.display()))?;
            places.push(place);
        }
        Ok(places)
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        for (new, _) in &self.files {
            let _ = std::fs::remove_file(new);
        }
    }
}

/// Writes an array with a record on each line: what is cut is lost, and no more.
fn write_json(engine: &Engine, file: impl Write, mut each: impl FnMut(&Own) -> Result<()>) -> Result<()> {
    let mut file = BufWriter::new(file);
    write!(file, "[\n{}", serde_json::to_string(&Own::Keeptab(FORMAT))?)?;
    engine.export(&mut |own| {
        each(&own)?;
        writeln!(file, ",")?;
        serde_json::to_writer(&mut file, &own)?;
        Ok(())
    })?;
    file.write_all(b"\n]\n")?;
    file.flush()?;
    Ok(())
}

fn write_row<W: Write>(writers: &mut [csv::Writer<W>], own: &Own) -> Result<()> {
    fn row<W: Write>(writer: Option<&mut csv::Writer<W>>, record: &impl Serialize) -> Result<()> {
        writer.map_or(Ok(()), |writer| writer.serialize(record))?;
        Ok(())
    }
    match own {
        Own::Keeptab(_) => Ok(()),
        Own::Source(record) => row(writers.get_mut(0), record),
        Own::Event(record) => row(writers.get_mut(1), record),
        Own::Entry(record) => row(writers.get_mut(2), record),
        Own::Apply(record) => row(writers.get_mut(3), record),
        Own::Void(record) => row(writers.get_mut(4), record),
        Own::Correction(record) => row(writers.get_mut(5), record),
        Own::Undone(record) => row(writers.get_mut(6), record),
        Own::Invoice(record) => row(writers.get_mut(7), record),
        Own::Claim(record) => row(writers.get_mut(8), record),
        Own::Credit(record) => row(writers.get_mut(9), record),
        Own::Payment(record) => row(writers.get_mut(10), record),
        Own::Series(record) => row(writers.get_mut(11), record),
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let io = error.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
    let json = error
        .downcast_ref::<serde_json::Error>()
        .and_then(serde_json::Error::io_error_kind);
    io.or(json) == Some(ErrorKind::BrokenPipe)
}
