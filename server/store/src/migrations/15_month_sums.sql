-- Version 15: the sums of a month of entries lie side by side, apart from its entries.

-- As before, with the sums of the entries by project: of ten years they fill a few pages. Statements that change an entry
-- remove its month by the triggers of version 14.
DROP TABLE entry_month;
CREATE TABLE entry_month (
    person   INTEGER NOT NULL REFERENCES person,
    month    TEXT NOT NULL,
    start_at INTEGER,
    end_at   INTEGER,
    projects TEXT NOT NULL,
    sums     BLOB NOT NULL,
    PRIMARY KEY (person, month)
) STRICT, WITHOUT ROWID;

-- The entries one by one, and the instants that they count; there as long as the month's sums are.
CREATE TABLE entry_month_detail (
    person  INTEGER NOT NULL REFERENCES person,
    month   TEXT NOT NULL,
    entries BLOB NOT NULL,
    spans   BLOB NOT NULL,
    UNIQUE (person, month)
) STRICT;
CREATE TRIGGER entry_month_detail_removed AFTER DELETE ON entry_month
BEGIN
    DELETE FROM entry_month_detail WHERE person = OLD.person AND month = OLD.month;
END;
