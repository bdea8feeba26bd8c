-- Responses that clients may read again and continue. What was said is sealed for its team; the
-- columns beside it are what queries need, and stand in the sealed part too.

-- All that continues one another. A part of it may be needed as context after it has expired itself.
CREATE TABLE stored_thread (
  id            VARCHAR(64) NOT NULL PRIMARY KEY,
  kept_until_us BIGINT      NOT NULL
);
CREATE INDEX stored_thread_end ON stored_thread (kept_until_us);

CREATE TABLE stored_response (
  id          VARCHAR(64) NOT NULL PRIMARY KEY,
  team_id     VARCHAR(64) NOT NULL,
  thread_id   VARCHAR(64) NOT NULL REFERENCES stored_thread (id),
  previous_id VARCHAR(64),
  status      VARCHAR(16) NOT NULL,
  version     INTEGER     NOT NULL,
  content     BYTEA       NOT NULL,
  created_us  BIGINT      NOT NULL,
  expires_us  BIGINT      NOT NULL
);
CREATE INDEX stored_response_thread ON stored_response (thread_id);
