-- Work that outlives its client: deferred completions, background responses, resumable streams.
-- id is the request's id, so that all attempts share one admission: recovery of the ledger leaves
-- an admission alone while the row here is open, and the attempt that ends settles it. request,
-- shape and outcome are sealed for the team; state is open, done, failed or cancelled.
CREATE TABLE work (
  id           VARCHAR(64) NOT NULL PRIMARY KEY,
  kind         VARCHAR(16) NOT NULL,
  team_id      VARCHAR(64) NOT NULL,
  key_id       VARCHAR(64) NOT NULL,
  state        VARCHAR(16) NOT NULL CHECK (state IN ('open', 'done', 'failed', 'cancelled')),
  attempts     INTEGER     NOT NULL,
  request      BYTEA       NOT NULL,
  shape        BYTEA       NOT NULL,
  outcome      BYTEA,
  grace_us     BIGINT      NOT NULL,
  created_us   BIGINT      NOT NULL,
  ended_us     BIGINT,
  collected_us BIGINT,
  expires_us   BIGINT      NOT NULL
);
CREATE INDEX work_open ON work (created_us) WHERE state = 'open';
CREATE INDEX work_expiry ON work (expires_us);

-- The events of an answer, each sealed; n counts from 0.
CREATE TABLE work_event (
  work_id VARCHAR(64) NOT NULL REFERENCES work (id) ON DELETE CASCADE,
  n       INTEGER     NOT NULL,
  event   BYTEA       NOT NULL,
  PRIMARY KEY (work_id, n)
);

-- The key a client gave a request: the same from the same owner is the same work. Both are hashes.
CREATE TABLE work_replay (
  key_id     VARCHAR(64) NOT NULL,
  name_hash  CHAR(64)    NOT NULL,
  body_hash  CHAR(64)    NOT NULL,
  work_id    VARCHAR(64) NOT NULL REFERENCES work (id) ON DELETE CASCADE,
  PRIMARY KEY (key_id, name_hash)
);
CREATE INDEX work_replay_work ON work_replay (work_id);

-- The queue, in the columns of db-scheduler; moments are microseconds since 1970 here too.
CREATE TABLE job (
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
CREATE INDEX job_due ON job (execution_time);
