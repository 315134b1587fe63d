-- Version 1: all that keeptab keeps. Instants are epoch milliseconds, money and quantities are text.

CREATE TABLE person (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL
) STRICT;

CREATE TABLE device (
    id   INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE
) STRICT;

-- One running editor or browser of a person on a device. Its id is device * 2^24 + n, so that ordering by source is
-- ordering by (device, source). `taken` is the highest sequence number that is committed.
CREATE TABLE source (
    id     INTEGER PRIMARY KEY,
    device INTEGER NOT NULL REFERENCES device,
    person INTEGER NOT NULL REFERENCES person,
    name   TEXT NOT NULL,
    taken  INTEGER NOT NULL DEFAULT 0,
    UNIQUE (device, name)
) STRICT;

-- What was touched, each thing once. `root` is the workspace root it was seen under.
CREATE TABLE entity (
    id       INTEGER PRIMARY KEY,
    kind     INTEGER NOT NULL,
    text     TEXT NOT NULL,
    root     INTEGER REFERENCES entity,
    language TEXT,
    UNIQUE (kind, text)
) STRICT;

-- Heartbeats and boundaries, in the order of the timeline. About 30 bytes each; person and device stand in `source`.
CREATE TABLE event (
    at     INTEGER NOT NULL,
    source INTEGER NOT NULL REFERENCES source,
    seq    INTEGER NOT NULL,
    sign   INTEGER NOT NULL,
    entity INTEGER REFERENCES entity,
    PRIMARY KEY (at, source, seq)
) STRICT, WITHOUT ROWID;

-- How often each UTC day was touched, and how many events it has; both rise in the transaction that touches it.
CREATE TABLE day (
    day      INTEGER PRIMARY KEY,
    revision INTEGER NOT NULL,
    events   INTEGER NOT NULL
) STRICT;

-- What was computed of a day, good while the revisions of the day and its neighbours add up to `revision` and the
-- config's counting has the hash `config`.
CREATE TABLE day_cache (
    day       INTEGER PRIMARY KEY,
    revision  INTEGER NOT NULL,
    config    INTEGER NOT NULL,
    stretches BLOB NOT NULL
) STRICT;

-- One save of a timesheet, one fill: what undo takes back whole.
CREATE TABLE apply (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    made_at   INTEGER NOT NULL,
    undone_at INTEGER
) STRICT;

CREATE TABLE correction (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    apply    INTEGER NOT NULL REFERENCES apply,
    person   INTEGER NOT NULL REFERENCES person,
    start_at INTEGER NOT NULL,
    end_at   INTEGER NOT NULL CHECK (end_at > start_at),
    change   TEXT NOT NULL
) STRICT;
-- By their ends: what is looked at most is the present, and few corrections reach into it.
CREATE INDEX correction_end ON correction (end_at);

-- One import, which can be undone until something of it is invoiced.
CREATE TABLE batch (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    origin    TEXT NOT NULL,
    made_at   INTEGER NOT NULL,
    undone_at INTEGER
) STRICT;

CREATE TABLE entry (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    person           INTEGER NOT NULL REFERENCES person,
    batch            INTEGER REFERENCES batch,
    -- The apply that made it: where that is undone, the entry is not there.
    apply            INTEGER REFERENCES apply,
    fingerprint      TEXT UNIQUE,
    project          TEXT,
    day              TEXT NOT NULL,
    start_at         INTEGER,
    end_at           INTEGER CHECK (end_at >= start_at),
    length           INTEGER NOT NULL CHECK (length >= 0),
    note             TEXT,
    billable         INTEGER NOT NULL,
    billed_elsewhere INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX entry_day ON entry (day);
CREATE INDEX entry_apply ON entry (apply) WHERE apply IS NOT NULL;

-- Entries that an apply took away.
CREATE TABLE void (
    entry INTEGER NOT NULL REFERENCES entry,
    apply INTEGER NOT NULL REFERENCES apply,
    PRIMARY KEY (entry, apply)
) STRICT, WITHOUT ROWID;

-- The entries that are there.
CREATE VIEW standing AS
SELECT * FROM entry
WHERE NOT EXISTS (SELECT 1 FROM apply WHERE apply.id = entry.apply AND undone_at IS NOT NULL)
    AND NOT EXISTS (
        SELECT 1 FROM void JOIN apply ON apply.id = void.apply WHERE void.entry = entry.id AND undone_at IS NULL);

-- Timesheets as they were written: the header's revision names one. `sheet` holds it to the millisecond, `text` as the
-- user sees it, and `applied` is what the user saved of it, if that was applied.
CREATE TABLE sheet (
    revision   INTEGER PRIMARY KEY AUTOINCREMENT,
    week       TEXT NOT NULL,
    sheet      TEXT NOT NULL,
    text       TEXT NOT NULL,
    applied    TEXT,
    written_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sheet_week ON sheet (week);

-- Configs that were in force; the one with the highest id is.
CREATE TABLE config (
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    text  TEXT NOT NULL,
    since INTEGER NOT NULL
) STRICT;

-- The last definition of each project and client that history uses.
CREATE TABLE definition (
    kind TEXT NOT NULL CHECK (kind IN ('project', 'client')),
    id   TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

-- What holds for every host: whether tracking is paused.
CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A draft reserves client × range.
CREATE TABLE draft (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    client   TEXT NOT NULL,
    start_at INTEGER NOT NULL,
    end_at   INTEGER NOT NULL CHECK (end_at > start_at),
    made_at  INTEGER NOT NULL
) STRICT;

CREATE TRIGGER draft_reserves BEFORE INSERT ON draft
WHEN EXISTS (SELECT 1 FROM draft WHERE client = NEW.client AND start_at < NEW.end_at AND end_at > NEW.start_at)
BEGIN
    SELECT RAISE(ABORT, 'another draft reserves this time');
END;

-- The counter of each run of numbers, taken in the transaction that writes the invoice.
CREATE TABLE series (
    org       TEXT NOT NULL,
    month     INTEGER NOT NULL,
    next      INTEGER NOT NULL CHECK (next >= 1),
    last_date TEXT,
    PRIMARY KEY (org, month)
) STRICT, WITHOUT ROWID;

CREATE TABLE invoice (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    number     TEXT NOT NULL UNIQUE,
    kind       TEXT NOT NULL CHECK (kind IN ('invoice', 'credit')),
    cancels    INTEGER REFERENCES invoice,
    client     TEXT NOT NULL,
    issue_date TEXT NOT NULL,
    issued_at  INTEGER NOT NULL,
    content    TEXT NOT NULL,
    status     TEXT NOT NULL CHECK (status IN ('issued', 'sent', 'paid', 'cancelled'))
) STRICT;

CREATE TRIGGER invoice_immutable BEFORE UPDATE OF id, number, kind, cancels, client, issue_date, issued_at, content
ON invoice
BEGIN
    SELECT RAISE(ABORT, 'an issued invoice is never changed');
END;
CREATE TRIGGER invoice_kept BEFORE DELETE ON invoice
BEGIN
    SELECT RAISE(ABORT, 'an issued invoice is never deleted');
END;

-- The rendered bytes.
CREATE TABLE document (
    invoice INTEGER NOT NULL REFERENCES invoice,
    format  TEXT NOT NULL,
    sha256  TEXT NOT NULL,
    bytes   BLOB NOT NULL,
    PRIMARY KEY (invoice, format)
) STRICT;

CREATE TRIGGER document_immutable BEFORE UPDATE ON document
BEGIN
    SELECT RAISE(ABORT, 'a rendered document is never changed');
END;
CREATE TRIGGER document_kept BEFORE DELETE ON document
BEGIN
    SELECT RAISE(ABORT, 'a rendered document is never deleted');
END;

CREATE TABLE payment (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    invoice INTEGER NOT NULL REFERENCES invoice,
    amount  TEXT NOT NULL,
    day     TEXT NOT NULL
) STRICT;

-- What a line of an invoice bills: a stretch of a person's timeline, or an entry.
CREATE TABLE claim (
    id       INTEGER PRIMARY KEY,
    invoice  INTEGER NOT NULL REFERENCES invoice,
    line     INTEGER NOT NULL,
    person   INTEGER NOT NULL REFERENCES person,
    start_at INTEGER,
    end_at   INTEGER CHECK (end_at > start_at),
    entry    INTEGER REFERENCES entry,
    live     INTEGER NOT NULL DEFAULT 1 CHECK (live IN (0, 1)),
    CHECK ((start_at IS NULL) = (end_at IS NULL) AND (start_at IS NULL) <> (entry IS NULL))
) STRICT;
CREATE INDEX claim_start ON claim (person, start_at) WHERE live = 1 AND start_at IS NOT NULL;
CREATE UNIQUE INDEX claim_entry ON claim (entry) WHERE live = 1 AND entry IS NOT NULL;

-- Live claims never overlap, so the last that begins before the new one ends is the only one that can reach into it.
CREATE TRIGGER claim_once BEFORE INSERT ON claim
WHEN NEW.live = 1 AND NEW.start_at IS NOT NULL AND NEW.start_at < (
    SELECT end_at FROM claim
    WHERE person = NEW.person AND live = 1 AND start_at IS NOT NULL AND start_at < NEW.end_at
    ORDER BY start_at DESC LIMIT 1
)
BEGIN
    SELECT RAISE(ABORT, 'this time is billed already');
END;
-- A claim is only ever released.
CREATE TRIGGER claim_released BEFORE UPDATE ON claim
WHEN NOT (OLD.live = 1 AND NEW.live = 0 AND NEW.id = OLD.id AND NEW.invoice = OLD.invoice AND NEW.line = OLD.line
    AND NEW.person = OLD.person AND NEW.start_at IS OLD.start_at AND NEW.end_at IS OLD.end_at
    AND NEW.entry IS OLD.entry)
BEGIN
    SELECT RAISE(ABORT, 'a claim is never changed, only released');
END;
CREATE TRIGGER claim_kept BEFORE DELETE ON claim
BEGIN
    SELECT RAISE(ABORT, 'a claim is never deleted');
END;
