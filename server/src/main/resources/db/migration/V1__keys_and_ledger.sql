-- Moments are microseconds since 1970 (UTC), money is ticks of 1e-10 USD, ids are UUIDs as text.

CREATE TABLE team (
  id         VARCHAR(64)  NOT NULL PRIMARY KEY,
  name       VARCHAR(128) NOT NULL UNIQUE,
  tier       VARCHAR(32)  NOT NULL,
  policy     TEXT         NOT NULL,
  created_us BIGINT       NOT NULL
);

CREATE TABLE app_user (
  id         VARCHAR(64)  NOT NULL PRIMARY KEY,
  team_id    VARCHAR(64)  NOT NULL REFERENCES team (id),
  name       VARCHAR(128) NOT NULL,
  created_us BIGINT       NOT NULL,
  UNIQUE (team_id, name)
);

CREATE TABLE api_key (
  id          VARCHAR(64)  NOT NULL PRIMARY KEY,
  user_id     VARCHAR(64)  NOT NULL REFERENCES app_user (id),
  name        VARCHAR(128) NOT NULL,
  redacted    VARCHAR(32)  NOT NULL,
  secret_hash CHAR(64)     NOT NULL UNIQUE,
  created_us  BIGINT       NOT NULL,
  modified_us BIGINT       NOT NULL,
  expires_us  BIGINT,
  disabled    BOOLEAN      NOT NULL
);

-- a revoked key leaves its name free
CREATE UNIQUE INDEX api_key_live_name ON api_key (user_id, name) WHERE NOT disabled;

CREATE TABLE api_key_acl (
  key_id VARCHAR(64)  NOT NULL REFERENCES api_key (id),
  acl    VARCHAR(256) NOT NULL,
  PRIMARY KEY (key_id, acl)
);

-- The ledger is only ever appended to. It outlives keys and teams, so it does not refer to them.
-- The price stands in the row, so that every bill can be recomputed.
CREATE TABLE ledger_admission (
  request_id           VARCHAR(64)  NOT NULL PRIMARY KEY,
  client_request_id    TEXT,
  key_id               VARCHAR(64)  NOT NULL,
  user_id              VARCHAR(64)  NOT NULL,
  team_id              VARCHAR(64)  NOT NULL,
  endpoint             VARCHAR(64)  NOT NULL,
  model_asked          VARCHAR(256) NOT NULL,
  model_resolved       VARCHAR(256) NOT NULL,
  backend              VARCHAR(256) NOT NULL,
  stream               BOOLEAN      NOT NULL,
  admitted_us          BIGINT       NOT NULL,
  price_from_us        BIGINT       NOT NULL,
  price_source         TEXT         NOT NULL,
  rate_prompt          BIGINT       NOT NULL,
  rate_cached          BIGINT       NOT NULL,
  rate_completion      BIGINT       NOT NULL,
  long_threshold       BIGINT       NOT NULL,
  long_rate_prompt     BIGINT       NOT NULL,
  long_rate_cached     BIGINT       NOT NULL,
  long_rate_completion BIGINT       NOT NULL
);
CREATE INDEX ledger_admission_time ON ledger_admission (admitted_us);

-- Exactly one settled row a request: the primary key says so.
-- recovered: closed at a later start, because its server ended first; its tokens are unknown and
-- count 0, its latency is 0, its status 500.
CREATE TABLE ledger_settlement (
  request_id         VARCHAR(64) NOT NULL PRIMARY KEY REFERENCES ledger_admission (request_id),
  prompt_tokens      BIGINT      NOT NULL,
  cached_tokens      BIGINT      NOT NULL,
  image_tokens       BIGINT      NOT NULL,
  completion_tokens  BIGINT      NOT NULL,
  reasoning_tokens   BIGINT      NOT NULL,
  total_tokens       BIGINT      NOT NULL,
  cost_ticks         BIGINT      NOT NULL,
  backend_cost_ticks BIGINT      NOT NULL,
  backend_local      BOOLEAN     NOT NULL,
  latency_us         BIGINT      NOT NULL,
  first_token_us     BIGINT,
  status             INTEGER     NOT NULL CHECK (status BETWEEN 100 AND 599),
  error_type         VARCHAR(64),
  recovered          BOOLEAN     NOT NULL,
  settled_us         BIGINT      NOT NULL,
  CHECK (total_tokens = prompt_tokens + completion_tokens + reasoning_tokens),
  CHECK (cost_ticks >= 0 AND backend_cost_ticks >= 0)
);

-- Every admission before it is settled: where recovery starts to look.
CREATE TABLE ledger_mark (
  id          INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  admitted_us BIGINT  NOT NULL
);
INSERT INTO ledger_mark (id, admitted_us) VALUES (1, 0);
