-- Version 6: no instant of a person counts twice. Entries keep the instants that were free when they were written, claims
-- keep all that they bill as spans, and facts are known by the device that wrote them and a number on it.

-- The number of the last fact of each device.
ALTER TABLE device ADD COLUMN facts INTEGER NOT NULL DEFAULT 0;

DROP VIEW standing;

-- The device that made it and its number there; entries of an import get theirs when it is finished.
ALTER TABLE entry ADD COLUMN made_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE entry ADD COLUMN device INTEGER REFERENCES device;
ALTER TABLE entry ADD COLUMN n INTEGER;
-- The place of the entry that it replaces, if that is another than its own.
ALTER TABLE entry ADD COLUMN place_at INTEGER;
ALTER TABLE entry ADD COLUMN place_device INTEGER REFERENCES device;
ALTER TABLE entry ADD COLUMN place_n INTEGER;
-- 0: it counts what is free; 1: beside earlier rows of its file; 2: beside everything.
ALTER TABLE entry ADD COLUMN beside INTEGER NOT NULL DEFAULT 0;
-- Names the rows of one file that overlap one another.
ALTER TABLE entry ADD COLUMN rows TEXT;
-- The instants that were free, as `start-end` joined by commas; NULL if all of its clock times were.
ALTER TABLE entry ADD COLUMN free TEXT;
CREATE UNIQUE INDEX entry_origin ON entry (device, n) WHERE n IS NOT NULL;
-- Entries that reach far from the day on which they begin.
CREATE INDEX entry_long ON entry (start_at) WHERE end_at - start_at > 86400000;

ALTER TABLE apply ADD COLUMN device INTEGER REFERENCES device;
ALTER TABLE apply ADD COLUMN n INTEGER;
CREATE UNIQUE INDEX apply_origin ON apply (device, n) WHERE n IS NOT NULL;

ALTER TABLE correction ADD COLUMN device INTEGER REFERENCES device;
ALTER TABLE correction ADD COLUMN n INTEGER;
CREATE UNIQUE INDEX correction_origin ON correction (device, n) WHERE n IS NOT NULL;

-- The facts of an import that was taken back and is gone.
ALTER TABLE batch ADD COLUMN device INTEGER REFERENCES device;
ALTER TABLE batch ADD COLUMN first_n INTEGER;
ALTER TABLE batch ADD COLUMN last_n INTEGER;

-- The entries that are there.
CREATE VIEW standing AS
SELECT * FROM entry
WHERE (batch IS NULL OR batch IN (SELECT id FROM batch WHERE finished_at IS NOT NULL AND undone_at IS NULL))
    AND NOT EXISTS (SELECT 1 FROM apply WHERE apply.id = entry.apply AND undone_at IS NOT NULL)
    AND NOT EXISTS (
        SELECT 1 FROM void JOIN apply ON apply.id = void.apply WHERE void.entry = entry.id AND undone_at IS NULL);

-- What a line of an invoice bills: captured time, or an entry. How long, and when: `claim_span`.
CREATE TABLE claimed (
    id      INTEGER PRIMARY KEY,
    invoice INTEGER NOT NULL REFERENCES invoice,
    line    INTEGER NOT NULL,
    person  INTEGER NOT NULL REFERENCES person,
    entry   INTEGER REFERENCES entry,
    length  INTEGER NOT NULL CHECK (length >= 0),
    live    INTEGER NOT NULL DEFAULT 1 CHECK (live IN (0, 1))
) STRICT;
-- The instants that a claim bills. An entry without clock times, or beside other time, has none.
CREATE TABLE claim_span (
    claim    INTEGER NOT NULL REFERENCES claimed,
    start_at INTEGER NOT NULL,
    end_at   INTEGER NOT NULL CHECK (end_at > start_at),
    person   INTEGER NOT NULL REFERENCES person,
    live     INTEGER NOT NULL DEFAULT 1 CHECK (live IN (0, 1)),
    PRIMARY KEY (claim, start_at)
) STRICT, WITHOUT ROWID;
INSERT INTO claimed (id, invoice, line, person, entry, length, live)
SELECT id, invoice, line, person, entry,
    coalesce(end_at - start_at, (SELECT length FROM entry WHERE entry.id = claim.entry)), live
FROM claim;
INSERT INTO claim_span (claim, start_at, end_at, person, live)
SELECT id, start_at, end_at, person, live FROM claim WHERE start_at IS NOT NULL;
DROP TABLE claim;
ALTER TABLE claimed RENAME TO claim;
CREATE INDEX claim_invoice ON claim (invoice);
CREATE UNIQUE INDEX claim_entry ON claim (entry) WHERE live = 1 AND entry IS NOT NULL;
CREATE INDEX claim_span_start ON claim_span (person, start_at) WHERE live = 1;

-- Live spans never overlap, so the last that begins before the new one ends is the only one that can reach into it.
CREATE TRIGGER claim_once BEFORE INSERT ON claim_span
WHEN NEW.live = 1 AND NEW.start_at < (
    SELECT end_at FROM claim_span
    WHERE person = NEW.person AND live = 1 AND start_at < NEW.end_at
    ORDER BY start_at DESC LIMIT 1
)
BEGIN
    SELECT RAISE(ABORT, 'this time is billed already');
END;
-- A claim is only ever released, and its spans with it.
CREATE TRIGGER claim_released BEFORE UPDATE ON claim
WHEN NOT (OLD.live = 1 AND NEW.live = 0 AND NEW.id = OLD.id AND NEW.invoice = OLD.invoice AND NEW.line = OLD.line
    AND NEW.person = OLD.person AND NEW.entry IS OLD.entry AND NEW.length = OLD.length)
BEGIN
    SELECT RAISE(ABORT, 'a claim is never changed, only released');
END;
CREATE TRIGGER claim_spans_released AFTER UPDATE ON claim
BEGIN
    UPDATE claim_span SET live = 0 WHERE claim = NEW.id AND live = 1;
END;
CREATE TRIGGER claim_span_released BEFORE UPDATE ON claim_span
WHEN NOT (OLD.live = 1 AND NEW.live = 0 AND NEW.claim = OLD.claim AND NEW.start_at = OLD.start_at
    AND NEW.end_at = OLD.end_at AND NEW.person = OLD.person
    AND (SELECT live FROM claim WHERE id = OLD.claim) = 0)
BEGIN
    SELECT RAISE(ABORT, 'a claim is never changed, only released');
END;
CREATE TRIGGER claim_kept BEFORE DELETE ON claim
BEGIN
    SELECT RAISE(ABORT, 'a claim is never deleted');
END;
CREATE TRIGGER claim_span_kept BEFORE DELETE ON claim_span
BEGIN
    SELECT RAISE(ABORT, 'a claim is never deleted');
END;

-- What is billed stays: another window may have issued an invoice meanwhile.
CREATE TRIGGER void_unbilled BEFORE INSERT ON void
WHEN EXISTS (SELECT 1 FROM claim WHERE entry = NEW.entry AND live = 1)
BEGIN
    SELECT RAISE(ABORT, 'an invoice bills this entry');
END;
CREATE TRIGGER apply_unbilled BEFORE UPDATE OF undone_at ON apply
WHEN NEW.undone_at IS NOT NULL
    AND EXISTS (SELECT 1 FROM entry JOIN claim ON claim.entry = entry.id WHERE entry.apply = NEW.id AND live = 1)
BEGIN
    SELECT RAISE(ABORT, 'an invoice bills an entry of it');
END;
CREATE TRIGGER claim_standing BEFORE INSERT ON claim
WHEN NEW.live = 1 AND NEW.entry IS NOT NULL AND NOT EXISTS (SELECT 1 FROM standing WHERE id = NEW.entry)
BEGIN
    SELECT RAISE(ABORT, 'this entry is not there any more');
END;

-- Captured time that an invoice of another home bills, brought by an import of its export.
CREATE TABLE elsewhere (
    batch    INTEGER NOT NULL REFERENCES batch,
    person   INTEGER NOT NULL REFERENCES person,
    invoice  TEXT NOT NULL,
    start_at INTEGER NOT NULL,
    end_at   INTEGER NOT NULL CHECK (end_at > start_at)
) STRICT;
CREATE INDEX elsewhere_end ON elsewhere (end_at);

-- What exists has its numbers in the order in which it was made here: corrections, then saves, then entries.
UPDATE entry SET made_at = coalesce(
    (SELECT made_at FROM apply WHERE apply.id = entry.apply), (SELECT made_at FROM batch WHERE batch.id = entry.batch), 0);
UPDATE correction SET device = (SELECT min(id) FROM device), n = place
FROM (SELECT id AS nth, row_number() OVER (ORDER BY id) AS place FROM correction) WHERE nth = id;
UPDATE apply SET device = (SELECT min(id) FROM device), n = place + (SELECT count(*) FROM correction)
FROM (SELECT id AS nth, row_number() OVER (ORDER BY id) AS place FROM apply) WHERE nth = id;
UPDATE entry SET device = (SELECT min(id) FROM device),
    n = place + (SELECT count(*) FROM correction) + (SELECT count(*) FROM apply)
FROM (SELECT id AS nth, row_number() OVER (ORDER BY id) AS place FROM entry) WHERE nth = id;
UPDATE device SET facts = (SELECT count(*) FROM correction) + (SELECT count(*) FROM apply) + (SELECT count(*) FROM entry)
WHERE id = (SELECT min(id) FROM device);
