-- Who pays, beyond the team; what a request reserved; what cut an answer short.

ALTER TABLE team ADD COLUMN plan VARCHAR(64) NOT NULL DEFAULT 'self-hosted';

CREATE TABLE project (
  id          VARCHAR(64)  NOT NULL PRIMARY KEY,
  team_id     VARCHAR(64)  NOT NULL REFERENCES team (id),
  name        VARCHAR(128) NOT NULL,
  environment VARCHAR(16)  NOT NULL CHECK (environment IN ('dev', 'staging', 'prod')),
  created_us  BIGINT       NOT NULL,
  UNIQUE (team_id, name)
);

-- A key's own limits: requests a second, requests a minute, tokens a minute. NULL: only its team's.
ALTER TABLE api_key ADD COLUMN project_id VARCHAR(64) REFERENCES project (id);
ALTER TABLE api_key ADD COLUMN qps BIGINT;
ALTER TABLE api_key ADD COLUMN qpm BIGINT;
ALTER TABLE api_key ADD COLUMN tpm BIGINT;

-- reserved: the most that the request could use and cost until it asks for more.
ALTER TABLE ledger_admission ADD COLUMN project_id VARCHAR(64);
ALTER TABLE ledger_admission ADD COLUMN end_user VARCHAR(512);
ALTER TABLE ledger_admission ADD COLUMN reserved_tokens BIGINT NOT NULL DEFAULT 0;
ALTER TABLE ledger_admission ADD COLUMN reserved_ticks BIGINT NOT NULL DEFAULT 0;

-- The limit that refused an extension, as name:scope.
ALTER TABLE ledger_settlement ADD COLUMN limited_by VARCHAR(256);
