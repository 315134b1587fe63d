-- Version 7: one hash chain over everything that is only ever added about invoices. Triggers that write links come from
-- `store/chain/kinds.rs`, so that they fit the tables as they are.

CREATE TABLE link (
    n      INTEGER PRIMARY KEY,
    -- What the record is, and the version of its form: `payment/1`.
    kind   TEXT NOT NULL,
    -- The record in its canonical form.
    record TEXT NOT NULL,
    -- SHA-256 over the hash before, the kind, a line feed and the record.
    hash   BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
-- Also when somebody replaces: that deletes without asking the trigger below.
CREATE TRIGGER link_once BEFORE INSERT ON link
WHEN EXISTS (SELECT 1 FROM link WHERE n = NEW.n)
BEGIN
    SELECT RAISE(ABORT, 'a link is never changed');
END;
CREATE TRIGGER link_immutable BEFORE UPDATE ON link
BEGIN
    SELECT RAISE(ABORT, 'a link is never changed');
END;
CREATE TRIGGER link_kept BEFORE DELETE ON link
BEGIN
    SELECT RAISE(ABORT, 'a link is never deleted');
END;

-- The first day on which an invoice was sent stays.
CREATE TRIGGER invoice_sent BEFORE UPDATE OF sent_on ON invoice
WHEN OLD.sent_on IS NOT NULL AND NEW.sent_on IS NOT OLD.sent_on
BEGIN
    SELECT RAISE(ABORT, 'what was sent stays sent');
END;
