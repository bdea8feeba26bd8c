#!/bin/sh
# Alerts of a team: its rules, what they told, and with ALERT_EMAIL or ALERT_URL a rule that is made, tested and removed.
set -eu
: "${MANAGEMENT_KEY:?is not set (expected: a key of ./jubal management-key create NAME)}"
BASE_URL=${BASE_URL:-http://127.0.0.1:8080/v1}
ROOT=${BASE_URL%/v1}

call() {
  method=$1
  path=$2
  shift 2
  curl -sS --fail-with-body -X "$method" "$ROOT$path" \
    -H "Authorization: Bearer $MANAGEMENT_KEY" -H "Content-Type: application/json" "$@"
}

# The text of a field of the JSON on standard input.
field() {
  tr ',{' '\n\n' | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" | head -n 1
}

team=$(call GET /auth/teams | field teamId)

if [ -n "${ALERT_EMAIL:-}${ALERT_URL:-}" ]; then
  to=
  [ -z "${ALERT_URL:-}" ] || to="$to,\"url\":\"$ALERT_URL\"" # signed: ./jubal team webhook-secret TEAM
  [ -z "${ALERT_EMAIL:-}" ] || to="$to,\"emails\":[\"$ALERT_EMAIL\"]" # by alert.smtp.host
  made=$(call POST "/auth/teams/$team/alerts" -d "{\"kind\":\"budget\",\"thresholds\":[50,80,100]$to}")
  id=$(printf %s "$made" | field alertId)
  call POST "/auth/teams/$team/alerts/$id/test"
  echo
  call DELETE "/auth/teams/$team/alerts/$id" >/dev/null
fi

echo "rules:"
call GET "/auth/teams/$team/alerts"
echo
echo "told:"
call GET "/auth/teams/$team/alert-events"
echo
