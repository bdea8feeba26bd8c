-- Tokens of the longest of several prompts for one answer, which decides whether the long rates hold; NULL, as
-- nearly always, says that there was one, or that the row is older: then all of prompt_tokens decides.
ALTER TABLE ledger_settlement ADD COLUMN longest_prompt BIGINT;
