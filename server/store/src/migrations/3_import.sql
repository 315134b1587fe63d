-- History from other tools: what a batch brought, and whether all of it is in.

-- Where a batch came from, and when all of it was written; what is not finished does not count.
ALTER TABLE batch ADD COLUMN files TEXT NOT NULL DEFAULT '';
ALTER TABLE batch ADD COLUMN finished_at INTEGER;

CREATE INDEX entry_batch ON entry (batch) WHERE batch IS NOT NULL;

-- Heartbeats that a batch brought, so that it can be undone.
CREATE TABLE imported_event (
    batch  INTEGER NOT NULL REFERENCES batch,
    at     INTEGER NOT NULL,
    source INTEGER NOT NULL REFERENCES source,
    seq    INTEGER NOT NULL,
    PRIMARY KEY (batch, at, source, seq)
) STRICT, WITHOUT ROWID;

-- Corrections that a batch brought.
ALTER TABLE apply ADD COLUMN batch INTEGER REFERENCES batch;

-- The entries that are there.
DROP VIEW standing;
CREATE VIEW standing AS
SELECT * FROM entry
WHERE (batch IS NULL OR batch IN (SELECT id FROM batch WHERE finished_at IS NOT NULL AND undone_at IS NULL))
    AND NOT EXISTS (SELECT 1 FROM apply WHERE apply.id = entry.apply AND undone_at IS NOT NULL)
    AND NOT EXISTS (
        SELECT 1 FROM void JOIN apply ON apply.id = void.apply WHERE void.entry = entry.id AND undone_at IS NULL);
