#!/bin/sh
# The management API: who may use what. A key is made, limited, rotated with a grace, and deleted.
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
echo "team $team"

made=$(call POST "/auth/teams/$team/api-keys" \
  -d "{\"name\":\"example $$\",\"acls\":[\"api-key:endpoint:chat\",\"api-key:model:*\"],\"qps\":5,\"tpm\":\"90000\"}")
id=$(printf %s "$made" | field apiKeyId)
old=$(printf %s "$made" | field apiKey)
echo "key $id"

call PUT "/auth/api-keys/$id" -d '{"apiKey":{"qpm":100},"fieldMask":"qpm"}' >/dev/null
fresh=$(call POST "/auth/api-keys/$id/rotate?gracePeriod=1h" | field apiKey)

# For an hour both secrets are the same key.
for secret in "$old" "$fresh"; do
  curl -sS --fail-with-body "$BASE_URL/api-key" -H "Authorization: Bearer $secret" |
    tr ',' '\n' | sed -n 's/.*"\(name\|qps\|qpm\|tpm\)":\(.*\)/  \1 \2/p'
done

call DELETE "/auth/api-keys/$id"
echo
