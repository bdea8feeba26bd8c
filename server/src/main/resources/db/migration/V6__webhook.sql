-- Addresses that are called when work is done, and what they are called with.

-- What a team's calls are signed with, sealed; while a new one is young the one before signs too.
CREATE TABLE webhook_secret (
  team_id    VARCHAR(64) NOT NULL,
  created_us BIGINT      NOT NULL,
  secret     BYTEA       NOT NULL,
  PRIMARY KEY (team_id, created_us)
);

-- A call that is to be made when work ends; event is null until it has.
CREATE TABLE webhook_call (
  work_id    VARCHAR(64) NOT NULL PRIMARY KEY REFERENCES work (id) ON DELETE CASCADE,
  team_id    VARCHAR(64) NOT NULL,
  url        BYTEA       NOT NULL,
  event      VARCHAR(64),
  happened_us BIGINT,
  attempts   INTEGER     NOT NULL
);
