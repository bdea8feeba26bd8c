-- What prices and usage say beyond their columns, as JSON (account.ledger.PriceText); NULL, as nearly
-- always, says that there is nothing: pictures, sound and thought cost what text does, no price of a
-- request, no tools or media, no factor for batches or priority.
ALTER TABLE price ADD COLUMN more TEXT;
ALTER TABLE ledger_admission ADD COLUMN price_more TEXT;
ALTER TABLE ledger_settlement ADD COLUMN used_more TEXT;
