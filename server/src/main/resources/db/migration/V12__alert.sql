-- Alerts: what is watched, what crossed its threshold, and who is told. Moments are microseconds.

-- kind: budget, cost_per_request, error_rate, latency, first_token or token_forecast. thresholds:
-- numbers in the unit of the kind, comma between. destinations: JSON, sealed for the team.
CREATE TABLE alert_rule (
  id             VARCHAR(64)  NOT NULL PRIMARY KEY,
  team_id        VARCHAR(64)  NOT NULL REFERENCES team (id),
  kind           VARCHAR(32)  NOT NULL,
  thresholds     VARCHAR(256) NOT NULL,
  window_minutes INTEGER      NOT NULL,
  min_requests   BIGINT       NOT NULL,
  model          VARCHAR(256) NOT NULL,
  destinations   BYTEA        NOT NULL,
  created_us     BIGINT       NOT NULL
);
CREATE INDEX alert_rule_team ON alert_rule (team_id, created_us);

-- A threshold that is crossed: told once, as its row is unique, whatever nodes and restarts do. item
-- is what of the rule, such as a budget's window; until_us is when that ends.
CREATE TABLE alert_state (
  rule_id  VARCHAR(64)   NOT NULL REFERENCES alert_rule (id),
  item     VARCHAR(1024) NOT NULL,
  level    VARCHAR(32)   NOT NULL,
  since_us BIGINT        NOT NULL,
  until_us BIGINT,
  PRIMARY KEY (rule_id, item, level)
);

-- What was told, as JSON; kept after its rule is gone. test: somebody pressed the button.
CREATE TABLE alert_event (
  id         VARCHAR(64) NOT NULL PRIMARY KEY,
  team_id    VARCHAR(64) NOT NULL REFERENCES team (id),
  rule_id    VARCHAR(64) NOT NULL,
  test       BOOLEAN     NOT NULL,
  told       TEXT        NOT NULL,
  created_us BIGINT      NOT NULL
);
CREATE INDEX alert_event_team ON alert_event (team_id, created_us);

-- To whom. medium: webhook or email. destination is sealed for the team; outcome is NULL as long as
-- it is tried, then delivered, gone, unsigned or lost.
CREATE TABLE alert_delivery (
  id          VARCHAR(64) NOT NULL PRIMARY KEY,
  alert_id    VARCHAR(64) NOT NULL REFERENCES alert_event (id),
  team_id     VARCHAR(64) NOT NULL,
  medium      VARCHAR(16) NOT NULL,
  destination BYTEA       NOT NULL,
  attempts    INTEGER     NOT NULL,
  outcome     VARCHAR(16),
  detail      TEXT        NOT NULL
);
CREATE INDEX alert_delivery_alert ON alert_delivery (alert_id);

-- The queue of deliveries, in the columns of db-scheduler.
CREATE TABLE alert_job (
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
CREATE INDEX alert_job_due ON alert_job (execution_time);

-- Sums by minute of settlement, of teams with alert rules alone, for two days. source: a stretch of
-- one process, so that a row has one writer, which writes it anew. latencies and first_tokens:
-- counts by bucket, as bucket:count, a space between.
CREATE TABLE usage_minute (
  team_id      VARCHAR(64)  NOT NULL,
  start_us     BIGINT       NOT NULL,
  model        VARCHAR(256) NOT NULL,
  source       VARCHAR(64)  NOT NULL,
  requests     BIGINT       NOT NULL,
  failures     BIGINT       NOT NULL,
  tokens       BIGINT       NOT NULL,
  cost_ticks   BIGINT       NOT NULL,
  latencies    TEXT         NOT NULL,
  first_tokens TEXT         NOT NULL,
  PRIMARY KEY (team_id, start_us, model, source)
);
CREATE INDEX usage_minute_start ON usage_minute (start_us);

-- What each end user of a team spent in a window.
CREATE INDEX rollup_end_user_start ON rollup_end_user (team_id, start_us);
