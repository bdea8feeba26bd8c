-- What bills of past months need to stay as they were, and monthly credits to end with their month.

-- Which plan a team had from when on, written where that changes; a team without a row has had the
-- one it has all along. credits_needed: as the plan said then, for plans change and go.
CREATE TABLE team_plan (
  team_id        VARCHAR(64) NOT NULL REFERENCES team (id),
  from_us        BIGINT      NOT NULL,
  plan           VARCHAR(64) NOT NULL,
  credits_needed BOOLEAN     NOT NULL,
  PRIMARY KEY (team_id, from_us)
);

-- Those of the last months are looked at again and again.
CREATE INDEX credit_monthly ON credit (created_us) WHERE origin = 'MONTHLY';
