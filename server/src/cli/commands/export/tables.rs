//! An export as tables: one file a kind of record.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use keeptab_core::cell::Cells;
use keeptab_engine::Engine;
use keeptab_import::Own;
use keeptab_system::home::Beside;
use serde_json::{Map, Value};

use super::readback::Tally;
use super::{put_in_place, whole};

/// The tables: the kind of their records, the name of the file and its columns. One that is empty has its columns, too.
const TABLES: [(&str, &str, &str); 17] = [
    ("source", "sources.csv", "place,device,source,taken"),
    (
        "event",
        "events.csv",
        "at,device,source,seq,kind,actor,entity,text,root,language",
    ),
    (
        "entry",
        "entries.csv",
        "entry,day,from,to,milliseconds,project,note,rate,billable,billedElsewhere,fingerprint,device,n,madeAt,apply,place,\
         beside,rows,free,undone",
    ),
    ("apply", "applies.csv", "apply,device,n,madeAt,undone"),
    ("void", "voids.csv", "voided,apply"),
    (
        "correction",
        "corrections.csv",
        "apply,madeAt,from,to,change,target,note,billable,device,n",
    ),
    ("undone", "undone.csv", "device,first,last"),
    (
        "invoice",
        "invoices.csv",
        "number,kind,cancels,client,issueDate,issuedAt,sentOn,note,content",
    ),
    (
        "claim",
        "claims.csv",
        "invoice,line,from,to,entry,live,milliseconds,spans,claim",
    ),
    ("credit", "credits.csv", "invoice,line,creditNote"),
    (
        "payment",
        "payments.csv",
        "invoice,amount,day,madeAt,payment,usedBy,kind,reason,taxes",
    ),
    ("series", "series.csv", "org,month,next,lastDate,first"),
    ("root", "roots.csv", "root,real,repository"),
    ("elsewhere", "elsewhere.csv", "elsewhere,from,to"),
    ("asset", "assets.csv", "asset,part,bytes"),
    ("document", "documents.csv", "invoice,format,sha256,part,bytes"),
    ("link", "links.csv", "n,kind,record,hash"),
];

/// An empty last column that marks tables with exact texts in their cells.
const RAW: &str = "raw";

/// Tables that are written beside their places.
pub(super) struct Tables {
    tables: Vec<Table>,
    cells: Cells,
}

struct Table {
    kind: &'static str,
    columns: Vec<&'static str>,
    writer: csv::Writer<BufWriter<File>>,
    beside: Beside,
}

impl Tables {
    /// Makes them in a folder.
    pub(super) fn new(folder: &Path, cells: Cells) -> Result<Self> {
        let table = |(kind, name, columns): (&'static str, &str, &'static str)| -> Result<Table> {
            let beside = Beside::new(&folder.join(name))?;
            let file = BufWriter::new(beside.file().try_clone()?);
            let mut columns: Vec<&str> = columns.split(',').collect();
            columns.extend((cells == Cells::Raw).then_some(RAW));
            let mut writer = csv::Writer::from_writer(file);
            writer.write_record(&columns)?;
            Ok(Table {
                kind,
                columns,
                writer,
                beside,
            })
        };
        let tables = TABLES.into_iter().map(table).collect::<Result<_>>()?;
        Ok(Self { tables, cells })
    }

    /// Writes all of them and puts them in their places.
    pub(super) fn write(mut self, engine: &Engine) -> Result<Vec<PathBuf>> {
        let mut tally = Tally::default();
        whole(engine.export(&mut |own| {
            tally.take(&own)?;
            self.row(&own)
        })?)?;
        let mut files = Vec::new();
        for Table { mut writer, beside, .. } in self.tables {
            writer.flush()?;
            files.push(beside);
        }
        put_in_place(files, tally)
    }

    fn row(&mut self, own: &Own) -> Result<()> {
        let Value::Object(record) = serde_json::to_value(own)? else {
            return Ok(());
        };
        for (kind, fields) in record {
            let table = self.tables.iter_mut().find(|table| table.kind == kind);
            let (Some(table), Value::Object(fields)) = (table, fields) else {
                continue;
            };
            let cells = self.cells;
            let row = table.columns.iter().map(|column| cell(&fields, column, cells));
            let row: Vec<String> = row.collect();
            table.writer.write_record(row).context("a row cannot be written")?;
        }
        Ok(())
    }
}

fn cell(fields: &Map<String, Value>, column: &str, cells: Cells) -> String {
    match fields.get(column) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => cells.value(text).into_owned(),
        Some(value) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keeptab_import::SeriesRecord;

    #[test]
    fn a_row_has_each_field_of_its_record() {
        let series = Own::Series(SeriesRecord {
            org: "=JDS".into(),
            month: 202_611,
            next: 2,
            last_date: None,
            first: 1,
        });
        let rows = |cells| {
            let folder = tempfile::tempdir().unwrap();
            let mut tables = Tables::new(folder.path(), cells).unwrap();
            tables.row(&series).unwrap();
            let table = tables.tables.iter_mut().find(|table| table.kind == "series").unwrap();
            table.writer.flush().unwrap();
            std::fs::read_to_string(table.beside.path()).unwrap()
        };
        assert_eq!(
            rows(Cells::Guarded),
            "org,month,next,lastDate,first\n'=JDS,202611,2,,1\n"
        );
        assert_eq!(
            rows(Cells::Raw),
            "org,month,next,lastDate,first,raw\n=JDS,202611,2,,1,\n"
        );
    }
}
