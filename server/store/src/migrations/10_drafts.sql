-- Version 10: a draft reserves projects × range, and keeps the day of issue that it was given.

-- Ids of the chosen projects, a JSON array; NULL is all of the client's.
ALTER TABLE draft ADD COLUMN projects TEXT;
-- The currency of the projects; NULL is any. Chosen projects have one.
ALTER TABLE draft ADD COLUMN currency TEXT;
-- The civil day of issue; NULL is the day on which it is issued.
ALTER TABLE draft ADD COLUMN issue_date TEXT;

-- As `Reservation::meets`.
DROP TRIGGER draft_reserves;
CREATE TRIGGER draft_reserves BEFORE INSERT ON draft
WHEN EXISTS (
    SELECT 1 FROM draft
    WHERE client = NEW.client AND start_at < NEW.end_at AND end_at > NEW.start_at
        AND (currency IS NULL OR NEW.currency IS NULL OR currency = NEW.currency)
        AND CASE
            WHEN projects IS NULL THEN NEW.projects IS NOT '[]'
            WHEN NEW.projects IS NULL THEN projects IS NOT '[]'
            ELSE EXISTS (
                SELECT 1 FROM json_each(draft.projects) AS own, json_each(NEW.projects) AS new WHERE own.value = new.value)
        END
)
BEGIN
    SELECT RAISE(ABORT, 'another draft reserves this time');
END;
CREATE TRIGGER draft_redated AFTER UPDATE OF issue_date ON draft
BEGIN
    UPDATE draft SET revision = revision + 1 WHERE id = NEW.id;
END;
