-- One for each word that the sums of a team's hours are told apart by, so that they are read in the order of the lines
-- and need not be sorted. Narrow, unlike the primary key, which has the order of keys too; none is written when a sum
-- grows. SQLite takes the last of equals, and projects are nearest to the order of the rows.
CREATE INDEX rollup_hour_key ON rollup_hour (team_id, start_us, key_id);
CREATE INDEX rollup_hour_model ON rollup_hour (team_id, start_us, model);
CREATE INDEX rollup_hour_endpoint ON rollup_hour (team_id, start_us, endpoint);
CREATE INDEX rollup_hour_project ON rollup_hour (team_id, start_us, project_id);
DROP INDEX rollup_hour_team;
