-- By time alone PostgreSQL read the sums of all teams to answer for one: they lie in that order.
DROP INDEX rollup_hour_time;
DROP INDEX rollup_day_time;
-- Narrow, unlike the primary key, which holds every word sums are told apart by.
CREATE INDEX rollup_hour_team ON rollup_hour (team_id, start_us);
