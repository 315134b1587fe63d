-- Version 14: an import that is taken back leaves the time that another import brought, too.

-- The entries that an import had as well, though an earlier one brought them.
CREATE TABLE shared (
    entry INTEGER NOT NULL REFERENCES entry ON DELETE CASCADE,
    batch INTEGER NOT NULL REFERENCES batch ON DELETE CASCADE,
    PRIMARY KEY (entry, batch)
) STRICT, WITHOUT ROWID;
CREATE INDEX shared_batch ON shared (batch);

-- 1 if rows of the import that overlap one another count their common time once. Rows of several files do.
ALTER TABLE batch ADD COLUMN apart INTEGER NOT NULL DEFAULT 0;
UPDATE batch SET apart = 1 WHERE files LIKE '%, %';
