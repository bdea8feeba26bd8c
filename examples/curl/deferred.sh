#!/bin/sh
# A deferred chat completion: the request is accepted at once, and its answer is collected later.
set -eu
: "${XAI_API_KEY:?is not set (expected: a key of ./jubal key create NAME)}"
BASE_URL=${BASE_URL:-http://127.0.0.1:8080/v1}

accepted=$(curl -sS --fail-with-body "$BASE_URL/chat/completions" \
  -H "Content-Type: application/json" \
  -H "Authorization: Bearer $XAI_API_KEY" \
  -d '{
    "model": "grok-4",
    "messages": [{"role": "user", "content": "What is the capital of France?"}],
    "max_tokens": 32,
    "deferred": true
  }')
id=$(printf '%s' "$accepted" | sed 's/.*"request_id":"\([^"]*\)".*/\1/')

answer=$(mktemp)
trap 'rm -f "$answer"' EXIT
while :; do
  status=$(curl -sS -o "$answer" -w '%{http_code}' \
    -H "Authorization: Bearer $XAI_API_KEY" "$BASE_URL/chat/deferred-completion/$id")
  [ "$status" = 202 ] || break # 202: there is no answer yet
  sleep 1
done
cat "$answer"
echo
[ "$status" = 200 ]
