-- Version 10: each day keeps the sum of the hashes of its events, so that one that is not as it was written shows.
ALTER TABLE day ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
