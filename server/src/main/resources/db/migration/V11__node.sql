-- Several servers on one database: who they are, and whose each request is.

-- heartbeat_us: when it last said that it lives, by the database's clock where several share one.
-- mark_us: every admission of this node before it is settled: where recovery starts to look.
-- recovered: its open requests were settled by others, as it was silent for too long.
CREATE TABLE node (
  id           VARCHAR(64) NOT NULL PRIMARY KEY,
  started_us   BIGINT      NOT NULL,
  heartbeat_us BIGINT      NOT NULL,
  mark_us      BIGINT      NOT NULL,
  recovered    BOOLEAN     NOT NULL
);

-- NULL: of a release that knew no nodes; its database had one server alone.
ALTER TABLE ledger_admission ADD COLUMN node_id VARCHAR(64);

-- Who works on it, or did last.
ALTER TABLE work ADD COLUMN node_id VARCHAR(64);

-- The oldest schema version whose release works on this schema: such a release starts on it as it
-- is, so that an upgrade can be taken back. Raised by the migration that takes something away.
CREATE TABLE schema_compat (
  id     INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  oldest INTEGER NOT NULL
);
INSERT INTO schema_compat (id, oldest) VALUES (1, 7);
