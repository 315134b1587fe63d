-- Version 2: the life of an invoice. Where one stands is derived from what happened to it, and is kept nowhere.

ALTER TABLE invoice DROP COLUMN status;
-- The civil day on which it was sent.
ALTER TABLE invoice ADD COLUMN sent_on TEXT;
-- What only the user sees.
ALTER TABLE invoice ADD COLUMN note TEXT;
CREATE INDEX invoice_cancels ON invoice (cancels) WHERE cancels IS NOT NULL;
CREATE INDEX claim_invoice ON claim (invoice);

-- Which lines of an invoice credit notes took back, each once.
CREATE TABLE credit (
    invoice     INTEGER NOT NULL REFERENCES invoice,
    line        INTEGER NOT NULL,
    credit_note INTEGER NOT NULL REFERENCES invoice,
    PRIMARY KEY (invoice, line)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER credit_immutable BEFORE UPDATE ON credit
BEGIN
    SELECT RAISE(ABORT, 'what was credited stays credited');
END;
CREATE TRIGGER credit_kept BEFORE DELETE ON credit
BEGIN
    SELECT RAISE(ABORT, 'what was credited stays credited');
END;

-- Money that came in; less than nothing where it went back. What was noted wrongly is set right by its opposite.
ALTER TABLE payment ADD COLUMN made_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX payment_invoice ON payment (invoice);
CREATE TRIGGER payment_immutable BEFORE UPDATE ON payment
BEGIN
    SELECT RAISE(ABORT, 'a payment is never changed');
END;
CREATE TRIGGER payment_kept BEFORE DELETE ON payment
BEGIN
    SELECT RAISE(ABORT, 'a payment is never deleted');
END;

-- Logos and layouts that invoices are printed with, each once.
CREATE TABLE asset (
    sha256 TEXT PRIMARY KEY,
    bytes  BLOB NOT NULL
) STRICT;
CREATE TRIGGER asset_immutable BEFORE UPDATE ON asset
BEGIN
    SELECT RAISE(ABORT, 'what invoices are printed with is never changed');
END;
CREATE TRIGGER asset_kept BEFORE DELETE ON asset
BEGIN
    SELECT RAISE(ABORT, 'what invoices are printed with is never deleted');
END;

-- A run of numbers may begin higher, for those who move in mid-year.
ALTER TABLE series ADD COLUMN first INTEGER NOT NULL DEFAULT 1;

-- How the draft's time becomes lines, where that is not the client's way; what it said when it was last looked at; and
-- a revision that rises with every change by hand, so that nothing is issued that nobody computed.
ALTER TABLE draft ADD COLUMN grouping TEXT;
ALTER TABLE draft ADD COLUMN preview TEXT;
ALTER TABLE draft ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;

-- What was added to a draft by hand.
CREATE TABLE item (
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    draft INTEGER NOT NULL REFERENCES draft ON DELETE CASCADE,
    item  TEXT NOT NULL
) STRICT;
CREATE INDEX item_draft ON item (draft);
CREATE TRIGGER item_added AFTER INSERT ON item
BEGIN
    UPDATE draft SET revision = revision + 1 WHERE id = NEW.draft;
END;
CREATE TRIGGER item_removed AFTER DELETE ON item
BEGIN
    UPDATE draft SET revision = revision + 1 WHERE id = OLD.draft;
END;
CREATE TRIGGER draft_regrouped AFTER UPDATE OF grouping ON draft
BEGIN
    UPDATE draft SET revision = revision + 1 WHERE id = NEW.id;
END;
