#!/bin/sh
# Which names there are, and what stands behind one of them.
set -eu
: "${XAI_API_KEY:?is not set (expected: a key of ./jubal key create NAME)}"
BASE_URL=${BASE_URL:-http://127.0.0.1:8080/v1}

curl -sS --fail-with-body "$BASE_URL/models" -H "Authorization: Bearer $XAI_API_KEY" |
  tr ',' '\n' | sed -n 's/.*"id":"\([^"]*\)".*/\1/p'
echo
curl -sS --fail-with-body "$BASE_URL/language-models/grok-4" -H "Authorization: Bearer $XAI_API_KEY"
echo
