-- The data key of each owner, a team, wrapped by the master key: without that key it is noise.

CREATE TABLE data_key (
  owner      VARCHAR(64) NOT NULL PRIMARY KEY,
  master     VARCHAR(64) NOT NULL,
  wrapped    BYTEA       NOT NULL,
  created_us BIGINT      NOT NULL
);
