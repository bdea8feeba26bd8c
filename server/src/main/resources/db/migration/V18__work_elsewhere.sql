-- What another node than the one that works on it has to say about open work.

-- When it was to be stopped.
ALTER TABLE work ADD COLUMN stop_us BIGINT;

-- When a client last followed it from another node, by the database's clock.
ALTER TABLE work ADD COLUMN followed_us BIGINT;
