-- Plans, budgets, credits, prices, and sums of the ledger. Money is ticks of 1e-10 USD.

-- What a team pays by. multiplier_permille: of the list price. steps: JSON, such as
-- [{"from_ticks":N,"permille":950}], the share of the price from a month's spend on.
CREATE TABLE plan (
  name                VARCHAR(64) NOT NULL PRIMARY KEY,
  credits_needed      BOOLEAN     NOT NULL,
  monthly_ticks       BIGINT      NOT NULL CHECK (monthly_ticks >= 0),
  multiplier_permille BIGINT      NOT NULL CHECK (multiplier_permille >= 0),
  steps               TEXT        NOT NULL,
  about               TEXT        NOT NULL
);
INSERT INTO plan (name, credits_needed, monthly_ticks, multiplier_permille, steps, about) VALUES
  ('self-hosted', FALSE, 0, 1000, '[]', 'No credits needed, no budget; costs are computed and shown.'),
  ('free', TRUE, 50000000000, 1000, '[]', 'Monthly credits of 5 USD, which end with the month.'),
  ('standard', TRUE, 0, 1000, '[]', 'Prepaid: credits are added before they are spent.'),
  ('enterprise', FALSE, 0, 1000, '[{"from_ticks":10000000000000,"permille":950},{"from_ticks":100000000000000,"permille":900}]',
   'Billed after the month; 5 % off from 1,000 USD a month on, 10 % from 10,000 USD.');

-- subject: the id of the project or key, the name of the end user, the team itself; * is each one.
CREATE TABLE budget (
  id         VARCHAR(64)  NOT NULL PRIMARY KEY,
  team_id    VARCHAR(64)  NOT NULL REFERENCES team (id),
  scope      VARCHAR(16)  NOT NULL CHECK (scope IN ('team', 'project', 'key', 'end_user')),
  subject    VARCHAR(512) NOT NULL,
  period     VARCHAR(16)  NOT NULL CHECK (period IN ('daily', 'monthly', 'total', 'prepaid')),
  hard       BOOLEAN      NOT NULL,
  ticks      BIGINT       NOT NULL CHECK (ticks >= 0),
  created_us BIGINT       NOT NULL,
  UNIQUE (team_id, scope, subject, period, hard)
);

-- Append-only. What is left of a team's credits is their sum less all that it ever spent.
CREATE TABLE credit (
  id           VARCHAR(128) NOT NULL PRIMARY KEY,
  team_id      VARCHAR(64)  NOT NULL REFERENCES team (id),
  origin       VARCHAR(32)  NOT NULL,
  amount_ticks BIGINT       NOT NULL,
  note         TEXT         NOT NULL,
  created_us   BIGINT       NOT NULL
);
CREATE INDEX credit_team ON credit (team_id, created_us);

-- Counts changes of the tables above, of prices, and of the plan of a team: servers look at this one row.
CREATE TABLE money_change (
  id      INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  version BIGINT  NOT NULL
);
INSERT INTO money_change (id, version) VALUES (1, 0);

-- Prices beside those of the catalogue: the newest that holds at a moment wins, and these win over
-- the catalogue's of the same moment. Ticks a token; a tool price and the price of a request each.
CREATE TABLE price (
  model                VARCHAR(256) NOT NULL,
  from_us              BIGINT       NOT NULL,
  rate_prompt          BIGINT       NOT NULL CHECK (rate_prompt >= 0),
  rate_cached          BIGINT       NOT NULL CHECK (rate_cached >= 0),
  rate_completion      BIGINT       NOT NULL CHECK (rate_completion >= 0),
  long_threshold       BIGINT       NOT NULL CHECK (long_threshold >= 0),
  long_rate_prompt     BIGINT       NOT NULL CHECK (long_rate_prompt >= 0),
  long_rate_cached     BIGINT       NOT NULL CHECK (long_rate_cached >= 0),
  long_rate_completion BIGINT       NOT NULL CHECK (long_rate_completion >= 0),
  source               TEXT         NOT NULL,
  created_us           BIGINT       NOT NULL,
  PRIMARY KEY (model, from_us)
);

-- What was reserved beyond the admission, all of it together, written before it is used.
CREATE TABLE ledger_extension (
  request_id     VARCHAR(64) NOT NULL REFERENCES ledger_admission (request_id),
  reserved_ticks BIGINT      NOT NULL,
  PRIMARY KEY (request_id, reserved_ticks)
);

-- A price was wrong: what is to be added to the cost of a settled row. The row itself stays.
CREATE TABLE ledger_correction (
  id          VARCHAR(64) NOT NULL PRIMARY KEY,
  request_id  VARCHAR(64) NOT NULL REFERENCES ledger_settlement (request_id),
  delta_ticks BIGINT      NOT NULL,
  reason      TEXT        NOT NULL,
  created_us  BIGINT      NOT NULL
);
CREATE INDEX ledger_correction_request ON ledger_correction (request_id);

-- Sums of settled rows by the time of their admission (UTC). project_id is empty without one.
CREATE TABLE rollup_hour (
  team_id            VARCHAR(64)  NOT NULL,
  start_us           BIGINT       NOT NULL,
  key_id             VARCHAR(64)  NOT NULL,
  project_id         VARCHAR(64)  NOT NULL,
  model              VARCHAR(256) NOT NULL,
  endpoint           VARCHAR(64)  NOT NULL,
  requests           BIGINT       NOT NULL,
  failures           BIGINT       NOT NULL,
  prompt_tokens      BIGINT       NOT NULL,
  cached_tokens      BIGINT       NOT NULL,
  image_tokens       BIGINT       NOT NULL,
  completion_tokens  BIGINT       NOT NULL,
  reasoning_tokens   BIGINT       NOT NULL,
  cost_ticks         BIGINT       NOT NULL,
  backend_cost_ticks BIGINT       NOT NULL,
  PRIMARY KEY (team_id, start_us, key_id, project_id, model, endpoint)
);
CREATE TABLE rollup_day (
  team_id            VARCHAR(64)  NOT NULL,
  start_us           BIGINT       NOT NULL,
  key_id             VARCHAR(64)  NOT NULL,
  project_id         VARCHAR(64)  NOT NULL,
  model              VARCHAR(256) NOT NULL,
  endpoint           VARCHAR(64)  NOT NULL,
  requests           BIGINT       NOT NULL,
  failures           BIGINT       NOT NULL,
  prompt_tokens      BIGINT       NOT NULL,
  cached_tokens      BIGINT       NOT NULL,
  image_tokens       BIGINT       NOT NULL,
  completion_tokens  BIGINT       NOT NULL,
  reasoning_tokens   BIGINT       NOT NULL,
  cost_ticks         BIGINT       NOT NULL,
  backend_cost_ticks BIGINT       NOT NULL,
  PRIMARY KEY (team_id, start_us, key_id, project_id, model, endpoint)
);
-- By day and end user, who may have budgets too.
CREATE TABLE rollup_end_user (
  team_id    VARCHAR(64)  NOT NULL,
  end_user   VARCHAR(512) NOT NULL,
  start_us   BIGINT       NOT NULL,
  requests   BIGINT       NOT NULL,
  cost_ticks BIGINT       NOT NULL,
  PRIMARY KEY (team_id, end_user, start_us)
);

-- What was settled before there were sums.
INSERT INTO rollup_hour
SELECT a.team_id, a.admitted_us - a.admitted_us % 3600000000, a.key_id, COALESCE(a.project_id, ''),
       a.model_resolved, a.endpoint, COUNT(*), SUM(CASE WHEN s.status >= 400 THEN 1 ELSE 0 END),
       SUM(s.prompt_tokens), SUM(s.cached_tokens), SUM(s.image_tokens), SUM(s.completion_tokens),
       SUM(s.reasoning_tokens), SUM(s.cost_ticks), SUM(s.backend_cost_ticks)
FROM ledger_settlement s JOIN ledger_admission a ON a.request_id = s.request_id
GROUP BY a.team_id, a.admitted_us - a.admitted_us % 3600000000, a.key_id,
         COALESCE(a.project_id, ''), a.model_resolved, a.endpoint;
INSERT INTO rollup_day
SELECT team_id, start_us - start_us % 86400000000, key_id, project_id, model, endpoint,
       SUM(requests), SUM(failures), SUM(prompt_tokens), SUM(cached_tokens), SUM(image_tokens),
       SUM(completion_tokens), SUM(reasoning_tokens), SUM(cost_ticks), SUM(backend_cost_ticks)
FROM rollup_hour
GROUP BY team_id, start_us - start_us % 86400000000, key_id, project_id, model, endpoint;
INSERT INTO rollup_end_user
SELECT a.team_id, a.end_user, a.admitted_us - a.admitted_us % 86400000000, COUNT(*),
       SUM(s.cost_ticks)
FROM ledger_settlement s JOIN ledger_admission a ON a.request_id = s.request_id
WHERE a.end_user IS NOT NULL
GROUP BY a.team_id, a.end_user, a.admitted_us - a.admitted_us % 86400000000;

-- Where bills go.
CREATE TABLE billing_info (
  team_id     VARCHAR(64)  NOT NULL PRIMARY KEY REFERENCES team (id),
  name        VARCHAR(256) NOT NULL,
  address     TEXT         NOT NULL,
  email       VARCHAR(256) NOT NULL,
  tax_id_type VARCHAR(64)  NOT NULL,
  tax_number  VARCHAR(64)  NOT NULL
);
