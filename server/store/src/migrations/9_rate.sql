-- Version 9: an entry may bring its own rate, by the hour and in the currency of its project.

DROP VIEW standing;
ALTER TABLE entry ADD COLUMN rate TEXT;

-- The entries that are there.
CREATE VIEW standing AS
SELECT * FROM entry
WHERE (batch IS NULL OR batch IN (SELECT id FROM batch WHERE finished_at IS NOT NULL AND undone_at IS NULL))
    AND NOT EXISTS (SELECT 1 FROM apply WHERE apply.id = entry.apply AND undone_at IS NOT NULL)
    AND NOT EXISTS (
        SELECT 1 FROM void JOIN apply ON apply.id = void.apply WHERE void.entry = entry.id AND undone_at IS NULL);
