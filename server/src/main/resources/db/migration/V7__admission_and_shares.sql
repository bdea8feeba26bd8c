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

-- What keeps teams, and calls of webhooks, from taking the room of others.

-- How much each team has stored; kept up in the transactions that store and delete.
CREATE TABLE stored_team (
  team_id   VARCHAR(64) NOT NULL PRIMARY KEY,
  responses BIGINT      NOT NULL,
  bytes     BIGINT      NOT NULL
);
INSERT INTO stored_team (team_id, responses, bytes)
  SELECT team_id, COUNT(*), SUM(LENGTH(content)) FROM stored_response GROUP BY team_id;

CREATE INDEX work_open_team ON work (team_id, kind) WHERE state = 'open';

-- What was said of the pictures of a request when it was accepted, sealed: nobody looks again.
ALTER TABLE work ADD COLUMN looked BYTEA;

-- A queue of their own for calls of webhooks, in the form of job.
CREATE TABLE webhook_job (
  task_name            VARCHAR(64) NOT NULL,
  task_instance        VARCHAR(64) NOT NULL,
  task_data            BYTEA,
  execution_time       BIGINT      NOT NULL,
  picked               BOOLEAN     NOT NULL,
  picked_by            VARCHAR(64),
  last_success         BIGINT,
  last_failure         BIGINT,
  consecutive_failures INTEGER,
  last_heartbeat       BIGINT,
  version              BIGINT      NOT NULL,
  PRIMARY KEY (task_name, task_instance)
);
CREATE INDEX webhook_job_due ON webhook_job (execution_time);
INSERT INTO webhook_job SELECT * FROM job WHERE task_name = 'webhook';
DELETE FROM job WHERE task_name = 'webhook';
