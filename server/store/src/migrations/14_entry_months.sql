-- Version 14: the entries of each month as totals need them.

-- What was computed of the standing entries of a month. Statements that change one of them, or an instant that one of
-- them may count, remove it; `start_at` and `end_at` are the hull of the clock times, `projects` is a JSON array of ids.
CREATE TABLE entry_month (
    person   INTEGER NOT NULL REFERENCES person,
    month    TEXT NOT NULL,
    start_at INTEGER,
    end_at   INTEGER,
    projects TEXT NOT NULL,
    entries  BLOB NOT NULL,
    UNIQUE (person, month)
) STRICT;

-- Entries of an import count once it is finished.
CREATE TRIGGER entry_month_added AFTER INSERT ON entry
WHEN NEW.batch IS NULL OR (SELECT finished_at FROM batch WHERE id = NEW.batch) IS NOT NULL
BEGIN
    DELETE FROM entry_month
    WHERE month = substr(NEW.day, 1, 7) OR (start_at < NEW.end_at AND end_at > NEW.start_at);
END;
CREATE TRIGGER entry_month_changed
AFTER UPDATE OF person, batch, apply, project, day, start_at, end_at, length, billable, billed_elsewhere, beside, rows,
    free, rate, place_at, place_device, place_n
ON entry
BEGIN
    DELETE FROM entry_month
    WHERE month IN (substr(OLD.day, 1, 7), substr(NEW.day, 1, 7))
        OR (start_at < OLD.end_at AND end_at > OLD.start_at) OR (start_at < NEW.end_at AND end_at > NEW.start_at);
END;
CREATE TRIGGER entry_month_removed AFTER DELETE ON entry
BEGIN
    DELETE FROM entry_month
    WHERE month = substr(OLD.day, 1, 7) OR (start_at < OLD.end_at AND end_at > OLD.start_at);
END;

CREATE TRIGGER entry_month_voided AFTER INSERT ON void
BEGIN
    DELETE FROM entry_month WHERE EXISTS (
        SELECT 1 FROM entry WHERE id = NEW.entry AND (month = substr(day, 1, 7)
            OR (entry_month.start_at < entry.end_at AND entry_month.end_at > entry.start_at)));
END;
CREATE TRIGGER entry_month_restored AFTER DELETE ON void
BEGIN
    DELETE FROM entry_month WHERE EXISTS (
        SELECT 1 FROM entry WHERE id = OLD.entry AND (month = substr(day, 1, 7)
            OR (entry_month.start_at < entry.end_at AND entry_month.end_at > entry.start_at)));
END;
CREATE TRIGGER entry_month_undone AFTER UPDATE OF undone_at ON apply
BEGIN
    DELETE FROM entry_month WHERE EXISTS (
        SELECT 1 FROM entry
        WHERE (apply = NEW.id OR id IN (SELECT entry FROM void WHERE void.apply = NEW.id))
            AND (month = substr(day, 1, 7)
                OR (entry_month.start_at < entry.end_at AND entry_month.end_at > entry.start_at)));
END;

-- A batch may bring a hundred thousand entries, and time that invoices of other homes bill.
CREATE TRIGGER entry_month_imported AFTER UPDATE OF finished_at, undone_at ON batch
BEGIN
    DELETE FROM entry_month;
END;
CREATE TRIGGER entry_month_elsewhere AFTER INSERT ON elsewhere
BEGIN
    DELETE FROM entry_month WHERE start_at < NEW.end_at AND end_at > NEW.start_at;
END;
CREATE TRIGGER entry_month_not_elsewhere AFTER DELETE ON elsewhere
BEGIN
    DELETE FROM entry_month WHERE start_at < OLD.end_at AND end_at > OLD.start_at;
END;

CREATE TRIGGER entry_month_claimed AFTER INSERT ON claim WHEN NEW.entry IS NOT NULL
BEGIN
    DELETE FROM entry_month WHERE month = (SELECT substr(day, 1, 7) FROM entry WHERE id = NEW.entry);
END;
CREATE TRIGGER entry_month_released AFTER UPDATE ON claim WHEN OLD.entry IS NOT NULL
BEGIN
    DELETE FROM entry_month WHERE month = (SELECT substr(day, 1, 7) FROM entry WHERE id = OLD.entry);
END;
CREATE TRIGGER entry_month_billed AFTER INSERT ON claim_span
BEGIN
    DELETE FROM entry_month WHERE start_at < NEW.end_at AND end_at > NEW.start_at;
END;
CREATE TRIGGER entry_month_unbilled AFTER UPDATE ON claim_span
BEGIN
    DELETE FROM entry_month WHERE start_at < OLD.end_at AND end_at > OLD.start_at;
END;
