-- What an end user used of a day is asked after a restart, while it waits: without this each of them read the day of
-- its whole team. Only of requests that name an end user, so others are written as before.
CREATE INDEX ledger_admission_end_user ON ledger_admission (team_id, end_user, admitted_us) WHERE end_user IS NOT NULL;
