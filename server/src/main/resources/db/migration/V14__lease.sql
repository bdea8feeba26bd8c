-- What several nodes may use together, lent to each of them in parts; and where limits look after a restart.

-- name: what is shared, such as a budget of one subject in one window, or a limit of one caller.
-- holder: the node that has the part; or what is left of one that is gone:
--   work:ID   what its open work holds, as long as the request of that id (request_id) is not settled
--   past:...  what it used of a rate, as long as that counts (until_us, by the database's clock)
-- wanted: another node asks for what is not used of it.
CREATE TABLE quota_lease (
  name       VARCHAR(1024) NOT NULL,
  holder     VARCHAR(128)  NOT NULL,
  amount     BIGINT        NOT NULL CHECK (amount >= 0),
  request_id VARCHAR(64),
  until_us   BIGINT,
  wanted     BOOLEAN       NOT NULL DEFAULT FALSE,
  PRIMARY KEY (name, holder)
);
CREATE INDEX quota_lease_holder ON quota_lease (holder, wanted);

-- Grows when others take over what was lent to a node: what it has in memory is void then.
ALTER TABLE node ADD COLUMN lease_epoch BIGINT NOT NULL DEFAULT 0;

CREATE INDEX ledger_admission_team ON ledger_admission (team_id, admitted_us);
