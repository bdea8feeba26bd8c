#!/bin/sh
# A response made in the background: it is stored as queued, and read when it is done.
set -eu
: "${XAI_API_KEY:?is not set (expected: a key of ./jubal key create NAME)}"
BASE_URL=${BASE_URL:-http://127.0.0.1:8080/v1}

queued=$(curl -sS --fail-with-body "$BASE_URL/responses" \
  -H "Content-Type: application/json" \
  -H "Authorization: Bearer $XAI_API_KEY" \
  -d '{"model": "grok-4", "input": "Name three rivers.", "max_output_tokens": 48, "background": true}')
id=$(printf '%s' "$queued" | sed 's/^{"id":"\([^"]*\)".*/\1/')

while :; do
  response=$(curl -sS --fail-with-body \
    -H "Authorization: Bearer $XAI_API_KEY" "$BASE_URL/responses/$id")
  case $response in
    *'"status":"queued"'* | *'"status":"in_progress","background"'*) sleep 1 ;;
    *) break ;;
  esac
done
printf '%s\n' "$response"
