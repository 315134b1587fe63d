//! `keeptab export`: everything, for whatever comes after.

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
const TABLES: [(&str, &str); 9] = [
    ("sources.csv", "place,device,source,taken"),
    (
        "events.csv",
        "at,device,source,seq,kind,actor,entity,text,root,language",
    ),
    (
        "entries.csv",
        "entry,day,from,to,milliseconds,project,note,billable,billedElsewhere,fingerprint",
    ),
    ("corrections.csv", "apply,madeAt,from,to,change,target,note,billable"),
    (
        "invoices.csv",
        "number,kind,cancels,client,issueDate,issuedAt,sentOn,note,content",
    ),
    ("claims.csv", "invoice,line,from,to,entry,live"),
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
        let written = write_json(&engine, std::io::stdout().lock());
        return match written {
            Err(error) if is_broken_pipe(&error) => Ok(ExitCode::SUCCESS),
            written => written.map(|()| ExitCode::SUCCESS),
        };
    }
    let folder = std::path::absolute(&arguments.to)?;
    crate::home::make_private_folder(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let create = |name: &str| -> Result<File> {
        let path = folder.join(name);
        File::create(&path).with_context(|| format!("cannot write {}", path.display()))
    };
    let files: Vec<PathBuf> = if arguments.csv {
        let table = |(name, columns): (&str, &str)| -> Result<csv::Writer<BufWriter<File>>> {
            let file = BufWriter::new(create(name)?);
            let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(file);
            writer.write_record(columns.split(','))?;
            Ok(writer)
        };
        let mut writers = TABLES.into_iter().map(table).collect::<Result<Vec<_>>>()?;
        engine.export(&mut |own| write_row(&mut writers, &own))?;
        writers.iter_mut().try_for_each(csv::Writer::flush)?;
        TABLES.iter().map(|(name, _)| folder.join(name)).collect()
    } else {
        write_json(&engine, create(JSON_FILE)?)?;
        vec![folder.join(JSON_FILE)]
    };
    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    output.either(names.join("\n"), || json!({ "files": files }))
}

/// Writes an array with a record on each line: what is cut is lost, and no more.
fn write_json(engine: &Engine, file: impl Write) -> Result<()> {
    let mut file = BufWriter::new(file);
    write!(file, "[\n{}", serde_json::to_string(&Own::Keeptab(FORMAT))?)?;
    engine.export(&mut |own| {
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
        Own::Correction(record) => row(writers.get_mut(3), record),
        Own::Invoice(record) => row(writers.get_mut(4), record),
        Own::Claim(record) => row(writers.get_mut(5), record),
        Own::Credit(record) => row(writers.get_mut(6), record),
        Own::Payment(record) => row(writers.get_mut(7), record),
        Own::Series(record) => row(writers.get_mut(8), record),
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let io = error.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
    let json = error
        .downcast_ref::<serde_json::Error>()
        .and_then(serde_json::Error::io_error_kind);
    io.or(json) == Some(ErrorKind::BrokenPipe)
}
