-- Keys of operators, old secrets of rotated keys, and who is behind a request.

-- A management key never calls a model. team_id NULL: it manages every team.
CREATE TABLE management_key (
  id          VARCHAR(64)  NOT NULL PRIMARY KEY,
  team_id     VARCHAR(64)  REFERENCES team (id),
  name        VARCHAR(128) NOT NULL,
  redacted    VARCHAR(32)  NOT NULL,
  secret_hash CHAR(64)     NOT NULL UNIQUE,
  created_us  BIGINT       NOT NULL,
  modified_us BIGINT       NOT NULL,
  expires_us  BIGINT,
  disabled    BOOLEAN      NOT NULL
);
CREATE UNIQUE INDEX management_key_live_name ON management_key (name) WHERE NOT disabled;

CREATE TABLE management_key_acl (
  key_id VARCHAR(64)  NOT NULL REFERENCES management_key (id),
  acl    VARCHAR(256) NOT NULL,
  PRIMARY KEY (key_id, acl)
);

-- Secrets that a rotation replaced: valid until then, and known as rotated for a while after it.
CREATE TABLE api_key_former (
  secret_hash    CHAR(64)    NOT NULL PRIMARY KEY,
  key_id         VARCHAR(64) NOT NULL REFERENCES api_key (id),
  valid_until_us BIGINT      NOT NULL
);
CREATE INDEX api_key_former_key ON api_key_former (key_id);

-- A disabled key may be enabled again, a deleted one never; its row stays for the ledger's sake.
ALTER TABLE api_key ADD COLUMN deleted_us BIGINT;
UPDATE api_key SET deleted_us = modified_us WHERE disabled;
CREATE INDEX api_key_user ON api_key (user_id, created_us);

ALTER TABLE app_user ADD COLUMN disabled BOOLEAN NOT NULL DEFAULT FALSE;

-- What a team says of the people behind its requests. end_user is the client's own name for one.
CREATE TABLE end_user (
  team_id     VARCHAR(64)  NOT NULL REFERENCES team (id),
  end_user    VARCHAR(512) NOT NULL,
  age_group   VARCHAR(16)  NOT NULL CHECK (age_group IN ('unknown', 'child', 'teen', 'adult')),
  verified_by VARCHAR(64),
  verified_us BIGINT,
  created_us  BIGINT       NOT NULL,
  modified_us BIGINT       NOT NULL,
  PRIMARY KEY (team_id, end_user)
);

CREATE TABLE end_user_consent (
  team_id    VARCHAR(64)  NOT NULL,
  end_user   VARCHAR(512) NOT NULL,
  purpose    VARCHAR(64)  NOT NULL,
  granted_us BIGINT       NOT NULL,
  expires_us BIGINT,
  PRIMARY KEY (team_id, end_user, purpose),
  FOREIGN KEY (team_id, end_user) REFERENCES end_user (team_id, end_user)
);
