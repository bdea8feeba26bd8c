-- Sums of all teams in a span of time: what proves the ledger reads them day by day.
CREATE INDEX rollup_hour_time ON rollup_hour (start_us);
CREATE INDEX rollup_day_time ON rollup_day (start_us);
CREATE INDEX rollup_end_user_time ON rollup_end_user (start_us);
