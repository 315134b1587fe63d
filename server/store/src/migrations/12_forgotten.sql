-- Version 12: forgetting is a fact, so that copies of the database, and other machines, forget the same.

CREATE TABLE forgotten (
    device     INTEGER NOT NULL REFERENCES device,
    n          INTEGER NOT NULL,
    -- Nothing that came later is meant.
    made_at    INTEGER NOT NULL,
    -- Of things: SHA-256 over `salt`, the kind and the text of each, 32 bytes each. Their names are not kept.
    salt       BLOB,
    hashes     BLOB,
    -- Of time: epoch milliseconds, and the civil days that they are.
    start_at   INTEGER,
    end_at     INTEGER CHECK (end_at > start_at),
    first_day  TEXT,
    last_day   TEXT,
    -- When the free space of the file and every backup had forgotten it; NULL until then.
    reached_at INTEGER,
    PRIMARY KEY (device, n),
    CHECK ((salt IS NULL) = (hashes IS NULL) AND (salt IS NULL) = (start_at IS NOT NULL))
) STRICT, WITHOUT ROWID;
