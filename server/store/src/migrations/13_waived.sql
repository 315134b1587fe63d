-- Version 13: payments without money. A cash discount and a write-off close an invoice; a negative one takes them back.

-- NULL is money.
ALTER TABLE payment ADD COLUMN kind TEXT CHECK (kind IN ('discount', 'write-off'));
ALTER TABLE payment ADD COLUMN reason TEXT;
-- The bases and taxes that it takes off, as JSON.
ALTER TABLE payment ADD COLUMN taxes TEXT;
