-- What a team asks of the people behind its requests, and operators who signed in.

-- requirement: require_verified_identity, minimum_age_group:GROUP or require_consent:PURPOSE.
-- models, endpoints: names with * for any characters.
CREATE TABLE end_user_rule (
  team_id     VARCHAR(64)  NOT NULL REFERENCES team (id),
  requirement VARCHAR(128) NOT NULL,
  models      VARCHAR(256) NOT NULL,
  endpoints   VARCHAR(64)  NOT NULL,
  created_us  BIGINT       NOT NULL,
  PRIMARY KEY (team_id, requirement, models, endpoints)
);

-- Who signed in by an identity provider. member_of: JSON, the groups that were mapped to roles then;
-- what they give is looked up at each request. ended_us: signed out, or ended by an operator.
CREATE TABLE operator_session (
  id          VARCHAR(64)  NOT NULL PRIMARY KEY,
  secret_hash CHAR(64)     NOT NULL UNIQUE,
  issuer      VARCHAR(512) NOT NULL,
  subject     VARCHAR(512) NOT NULL,
  name        VARCHAR(512) NOT NULL,
  member_of   TEXT         NOT NULL,
  created_us  BIGINT       NOT NULL,
  expires_us  BIGINT       NOT NULL,
  ended_us    BIGINT
);
CREATE INDEX operator_session_subject ON operator_session (issuer, subject);
CREATE INDEX operator_session_expires ON operator_session (expires_us);
