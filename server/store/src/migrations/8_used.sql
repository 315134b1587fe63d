-- Version 8: a client's credit. It leaves the invoice that was overpaid by a payment that goes back, and is paid in advance
-- on the invoice that uses it.

CREATE TABLE used (
    payment INTEGER PRIMARY KEY REFERENCES payment,
    -- The invoice that uses it.
    invoice INTEGER NOT NULL REFERENCES invoice
) STRICT;
CREATE TRIGGER used_immutable BEFORE UPDATE ON used
BEGIN
    SELECT RAISE(ABORT, 'credit that was used stays used');
END;
CREATE TRIGGER used_kept BEFORE DELETE ON used
BEGIN
    SELECT RAISE(ABORT, 'credit that was used stays used');
END;
