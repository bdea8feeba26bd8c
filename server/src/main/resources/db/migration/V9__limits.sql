-- How many requests and tokens callers may have. A most of -1 says that there is no such limit.

-- spent_ticks: what a team has to have spent in all to be raised to it; NULL: raised by hand only.
CREATE TABLE tier (
  name        VARCHAR(32) NOT NULL PRIMARY KEY,
  grade       BIGINT      NOT NULL UNIQUE,
  spent_ticks BIGINT
);
INSERT INTO tier (name, grade, spent_ticks) VALUES
  ('tier-0', 0, 0),
  ('tier-1', 1, 500000000000),
  ('tier-2', 2, 2500000000000),
  ('tier-3', 3, 10000000000000),
  ('tier-4', 4, 50000000000000),
  ('enterprise', 5, NULL);

-- model: a name of the catalogue, or the beginning of names with a * at its end; the longest counts.
CREATE TABLE tier_limit (
  tier  VARCHAR(32)  NOT NULL REFERENCES tier (name),
  scope VARCHAR(16)  NOT NULL CHECK (scope IN ('team', 'model', 'key', 'user')),
  model VARCHAR(256) NOT NULL,
  quota VARCHAR(32)  NOT NULL,
  most  BIGINT       NOT NULL CHECK (most >= -1),
  PRIMARY KEY (tier, scope, model, quota)
);

-- What holds for one team in place of its tier's.
CREATE TABLE team_limit (
  team_id VARCHAR(64)  NOT NULL REFERENCES team (id),
  scope   VARCHAR(16)  NOT NULL CHECK (scope IN ('team', 'model', 'key', 'user')),
  model   VARCHAR(256) NOT NULL,
  quota   VARCHAR(32)  NOT NULL,
  most    BIGINT       NOT NULL CHECK (most >= -1),
  PRIMARY KEY (team_id, scope, model, quota)
);

-- xAI's published table of mid-2026, which names four models; names it does not have get the same.
-- Nothing is published for enterprise but that it is agreed: it begins with what tier-4 has.
INSERT INTO tier_limit (tier, scope, model, quota, most) VALUES
  ('tier-0', 'model', '*', 'requests_per_second', 30),
  ('tier-1', 'model', '*', 'requests_per_second', 40),
  ('tier-2', 'model', '*', 'requests_per_second', 60),
  ('tier-3', 'model', '*', 'requests_per_second', 100),
  ('tier-4', 'model', '*', 'requests_per_second', 166),
  ('enterprise', 'model', '*', 'requests_per_second', 166),
  ('tier-0', 'model', '*', 'tokens_per_minute', 10000000),
  ('tier-1', 'model', '*', 'tokens_per_minute', 15000000),
  ('tier-2', 'model', '*', 'tokens_per_minute', 25000000),
  ('tier-3', 'model', '*', 'tokens_per_minute', 45000000),
  ('tier-4', 'model', '*', 'tokens_per_minute', 85000000),
  ('enterprise', 'model', '*', 'tokens_per_minute', 85000000),
  ('tier-0', 'model', 'grok-4.20-multi-agent*', 'requests_per_second', 7),
  ('tier-1', 'model', 'grok-4.20-multi-agent*', 'requests_per_second', 10),
  ('tier-2', 'model', 'grok-4.20-multi-agent*', 'requests_per_second', 15),
  ('tier-3', 'model', 'grok-4.20-multi-agent*', 'requests_per_second', 25),
  ('tier-4', 'model', 'grok-4.20-multi-agent*', 'requests_per_second', 45),
  ('enterprise', 'model', 'grok-4.20-multi-agent*', 'requests_per_second', 45),
  ('tier-0', 'model', 'grok-4.20-multi-agent*', 'tokens_per_minute', 2500000),
  ('tier-1', 'model', 'grok-4.20-multi-agent*', 'tokens_per_minute', 3700000),
  ('tier-2', 'model', 'grok-4.20-multi-agent*', 'tokens_per_minute', 6200000),
  ('tier-3', 'model', 'grok-4.20-multi-agent*', 'tokens_per_minute', 11000000),
  ('tier-4', 'model', 'grok-4.20-multi-agent*', 'tokens_per_minute', 21000000),
  ('enterprise', 'model', 'grok-4.20-multi-agent*', 'tokens_per_minute', 21000000);
INSERT INTO tier_limit (tier, scope, model, quota, most)
  SELECT name, 'model', 'grok-imagine-image*', 'requests_per_second', 5 FROM tier;
INSERT INTO tier_limit (tier, scope, model, quota, most)
  SELECT name, 'model', 'grok-imagine-image*', 'tokens_per_minute', -1 FROM tier;
INSERT INTO tier_limit (tier, scope, model, quota, most)
  SELECT name, 'model', 'grok-imagine-video*', 'requests_per_second', 1 FROM tier;
INSERT INTO tier_limit (tier, scope, model, quota, most)
  SELECT name, 'model', 'grok-imagine-video*', 'tokens_per_minute', -1 FROM tier;
