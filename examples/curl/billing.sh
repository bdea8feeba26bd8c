#!/bin/sh
# Billing of a team: the bill of this month so far, limits, credits, and what was used, by day and as CSV.
set -eu
: "${MANAGEMENT_KEY:?is not set (expected: a key of ./jubal management-key create NAME --acl billing:read --acl teams:read)}"
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
billing=/v1/billing/teams/$team

# Amounts are cents; credits that are left are negative.
for what in postpaid/invoice/preview postpaid/spending-limits prepaid/balance invoices; do
  echo "$what:"
  call GET "$billing/$what"
  echo
done

from=$(date -u +%Y-%m-01T00:00:00Z)
to=$(date -u +%Y-%m-%dT%H:%M:%SZ) # the day that runs counts as a whole
echo "USD and requests by day and model:"
call POST "$billing/usage" -d "{\"analyticsRequest\": {
  \"timeRange\": {\"startTime\": \"$from\", \"endTime\": \"$to\", \"timezone\": \"Etc/GMT\"},
  \"timeUnit\": \"TIME_UNIT_DAY\",
  \"values\": [{\"name\": \"usd\", \"aggregation\": \"AGGREGATION_SUM\"}, {\"name\": \"requests\"}],
  \"groupBy\": [\"description\"]
}}"
echo
echo "the same, by hour and with keys, projects and tokens:"
call GET "$billing/usage/export?format=csv&unit=hour&from=$from&to=$to" | tail -n 3
