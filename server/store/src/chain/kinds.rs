//! Kinds of record in the hash chain, and the columns that each covers.
//!
//! A migration that adds a column adds it to the fields of its kind under the next version of that kind: the migration
//! then links all its records once more. A test holds that each column is either in a record or named as left out.

use std::fmt::Write as _;

use keeptab_core::chain::Record;

/// A kind of record.
pub(super) struct Kind {
    /// Its name in links.
    pub name: &'static str,
    /// The version of its form.
    pub version: u32,
    /// The table that holds it.
    table: &'static str,
    /// A second trigger event beside the insert: `UPDATE OF column ON table WHEN …`.
    update: Option<&'static str>,
    /// The fields by name, each with the SQL of its value.
    pub fields: &'static [(&'static str, &'static str)],
    /// The tables that the values come from.
    from: &'static str,
    /// The SQL condition that selects the table's rows that are records of this kind.
    only: &'static str,
    /// The columns of the table that name a row.
    key: &'static [&'static str],
    /// The fields that name a record; the first is the number of its invoice.
    pub identity: &'static [&'static str],
}

const CLAIM: &str = "claim LEFT JOIN invoice ON invoice.id = claim.invoice LEFT JOIN entry ON entry.id = claim.entry";
const SPAN: &str =
    "claim_span LEFT JOIN claim ON claim.id = claim_span.claim LEFT JOIN invoice ON invoice.id = claim.invoice";

/// All kinds, in the order in which records from before the chain are linked.
pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "invoice",
        version: 1,
        table: "invoice",
        update: None,
        fields: &[
            ("invoice", "invoice.number"),
            ("kind", "invoice.kind"),
            ("cancels", "original.number"),
            ("client", "invoice.client"),
            ("issueDate", "invoice.issue_date"),
            ("issuedAt", "invoice.issued_at"),
            ("content", "link_sha256(invoice.content)"),
            ("content.*", "invoice.content"),
        ],
        from: "invoice LEFT JOIN invoice AS original ON original.id = invoice.cancels",
        only: "1",
        key: &["id"],
        identity: &["invoice"],
    },
    Kind {
        name: "credit",
        version: 1,
        table: "credit",
        update: None,
        fields: &[
            ("invoice", "invoice.number"),
            ("line", "credit.line"),
            ("creditNote", "note.number"),
        ],
        from: "credit LEFT JOIN invoice ON invoice.id = credit.invoice
               LEFT JOIN invoice AS note ON note.id = credit.credit_note",
        only: "1",
        key: &["invoice", "line"],
        identity: &["invoice", "line"],
    },
    Kind {
        name: "claim",
        version: 1,
        table: "claim",
        update: None,
        fields: &[
            ("invoice", "invoice.number"),
            ("claim", "claim.id"),
            ("line", "claim.line"),
            ("person", "claim.person"),
            ("length", "claim.length"),
            ("entryDay", "entry.day"),
            ("entryStartAt", "entry.start_at"),
            ("entryEndAt", "entry.end_at"),
            ("entryLength", "entry.length"),
            ("entryProject", "entry.project"),
            ("entryNote", "link_sha256(entry.note)"),
        ],
        from: CLAIM,
        only: "1",
        key: &["id"],
        identity: &["invoice", "claim"],
    },
    Kind {
        name: "span",
        version: 1,
        table: "claim_span",
        update: None,
        fields: &[
            ("invoice", "invoice.number"),
            ("claim", "claim_span.claim"),
            ("person", "claim_span.person"),
            ("startAt", "claim_span.start_at"),
            ("endAt", "claim_span.end_at"),
        ],
        from: SPAN,
        only: "1",
        key: &["claim", "start_at"],
        identity: &["invoice", "claim", "startAt"],
    },
    Kind {
        name: "release",
        version: 1,
        table: "claim",
        update: Some("UPDATE OF live ON claim WHEN OLD.live <> NEW.live"),
        fields: &[("invoice", "invoice.number"), ("claim", "claim.id")],
        from: CLAIM,
        only: "claim.live <> 1",
        key: &["id"],
        identity: &["invoice", "claim"],
    },
    Kind {
        name: "freed",
        version: 1,
        table: "claim_span",
        update: Some("UPDATE OF live ON claim_span WHEN OLD.live <> NEW.live"),
        fields: &[
            ("invoice", "invoice.number"),
            ("claim", "claim_span.claim"),
            ("startAt", "claim_span.start_at"),
        ],
        from: SPAN,
        only: "claim_span.live <> 1",
        key: &["claim", "start_at"],
        identity: &["invoice", "claim", "startAt"],
    },
    Kind {
        name: "sent",
        version: 1,
        table: "invoice",
        update: Some("UPDATE OF sent_on ON invoice WHEN OLD.sent_on IS NOT NEW.sent_on"),
        fields: &[("invoice", "invoice.number"), ("day", "invoice.sent_on")],
        from: "invoice",
        only: "invoice.sent_on IS NOT NULL",
        key: &["id"],
        identity: &["invoice"],
    },
    Kind {
        name: "payment",
        version: 2,
        table: "payment",
        update: None,
        fields: &[
            ("invoice", "invoice.number"),
            ("payment", "payment.id"),
            ("amount", "payment.amount"),
            ("day", "payment.day"),
            ("madeAt", "payment.made_at"),
            ("kind", "payment.kind"),
            ("reason", "payment.reason"),
            ("taxes", "payment.taxes"),
        ],
        from: "payment LEFT JOIN invoice ON invoice.id = payment.invoice",
        only: "1",
        key: &["id"],
        identity: &["invoice", "payment"],
    },
    Kind {
        name: "use",
        version: 1,
        table: "used",
        update: None,
        fields: &[
            ("invoice", "invoice.number"),
            ("payment", "used.payment"),
            ("usedBy", "other.number"),
        ],
        from: "used LEFT JOIN payment ON payment.id = used.payment LEFT JOIN invoice ON invoice.id = payment.invoice
               LEFT JOIN invoice AS other ON other.id = used.invoice",
        only: "1",
        key: &["payment"],
        identity: &["invoice", "payment"],
    },
    Kind {
        name: "document",
        version: 1,
        table: "document",
        update: None,
        fields: &[
            ("invoice", "invoice.number"),
            ("format", "document.format"),
            ("sha256", "document.sha256"),
            ("bytes", "link_sha256(document.bytes)"),
        ],
        from: "document LEFT JOIN invoice ON invoice.id = document.invoice",
        only: "1",
        key: &["invoice", "format"],
        identity: &["invoice", "format"],
    },
    Kind {
        name: "asset",
        version: 1,
        table: "asset",
        update: None,
        fields: &[("sha256", "asset.sha256"), ("bytes", "link_sha256(asset.bytes)")],
        from: "asset",
        only: "1",
        key: &["sha256"],
        identity: &["sha256"],
    },
];

impl Kind {
    /// Returns the kind as links name it.
    pub(super) fn tag(&self) -> String {
        format!("{}/{}", self.name, self.version)
    }

    /// Returns the values that identify a record within its kind.
    pub(super) fn identity(&self, record: &Record) -> String {
        let mut identity = String::new();
        for name in self.identity {
            // Writing to a string never fails.
            let _ = match record.get(name) {
                Some(value) => writeln!(identity, "{value}"),
                None => writeln!(identity),
            };
        }
        identity
    }

    /// Returns the query of all records, a column a field.
    pub(super) fn all(&self) -> String {
        let values: Vec<&str> = self.fields.iter().map(|(_, value)| *value).collect();
        let key: Vec<String> = self
            .key
            .iter()
            .map(|column| format!("{}.{column}", self.table))
            .collect();
        let (values, key) = (values.join(", "), key.join(", "));
        format!("SELECT {values} FROM {} WHERE {} ORDER BY {key}", self.from, self.only)
    }

    /// Returns true if each record is a row of its own, and not an update of one.
    pub(super) fn is_row(&self) -> bool {
        self.update.is_none()
    }

    /// Returns the query of all rows that another schema lacks: the columns of the key, then a column a field.
    pub(super) fn new_rows(&self, lacking: &str) -> String {
        let Self { table, key, .. } = self;
        let of = |schema: &str| -> Vec<String> { key.iter().map(|column| format!("{schema}{column}")).collect() };
        let values: Vec<&str> = self.fields.iter().map(|(_, value)| *value).collect();
        let (values, from, key) = (values.join(", "), self.from, of(&format!("{table}.")).join(", "));
        let there = of("").join(", ");
        format!("SELECT {key}, {values} FROM {from} WHERE ({key}) NOT IN (SELECT {there} FROM {lacking}{table})")
    }

    /// Returns the statement that keeps the keys of all rows in a temporary table.
    pub(super) fn keep_keys(&self, named: &str) -> String {
        let (table, key) = (self.table, self.key.join(", "));
        format!(
            "DROP TABLE IF EXISTS temp.{named}{table}; CREATE TEMP TABLE {named}{table} AS SELECT {key} FROM main.{table}"
        )
    }

    /// Returns the statement that removes a row, by the columns of its key.
    pub(super) fn delete(&self) -> String {
        let key: Vec<String> = self.key.iter().map(|column| format!("{column} = ?")).collect();
        format!("DELETE FROM main.{} WHERE {}", self.table, key.join(" AND "))
    }

    /// Returns the number of columns that name a row.
    pub(super) fn key_columns(&self) -> usize {
        self.key.len()
    }

    /// Returns the triggers that link records as they are written.
    pub(super) fn triggers(&self) -> String {
        let Self { name, table, .. } = self;
        let insert = format!("INSERT ON {table}");
        let events = [
            Some(("added", insert.as_str())),
            self.update.map(|update| ("updated", update)),
        ];
        let events = events.into_iter().flatten();
        let link = self.link();
        let triggers = events
            .map(|(how, event)| format!("CREATE TRIGGER linked_{name}_{how} AFTER {event}\nBEGIN\n{link};\nEND;\n"));
        triggers.collect::<Vec<_>>().concat()
    }

    fn link(&self) -> String {
        let pairs: Vec<String> = self
            .fields
            .iter()
            .map(|(name, value)| format!("'{name}', {value}"))
            .collect();
        let row = |column: &&str| format!("{}.{column} = NEW.{column}", self.table);
        let row: Vec<String> = self.key.iter().map(row).collect();
        let (pairs, row) = (pairs.join(", "), row.join(" AND "));
        format!(
            "INSERT INTO link (kind, record, hash)
             SELECT kind, record, link_hash((SELECT hash FROM link ORDER BY n DESC LIMIT 1), kind, record)
             FROM (SELECT '{}' AS kind, link_record({pairs}) AS record FROM {} WHERE {row} AND {})",
            self.tag(),
            self.from,
            self.only
        )
    }
}
