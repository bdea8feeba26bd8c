#!/bin/sh
# A stream that is lost and gone on with: the answer's work goes on for a minute without its client,
# and Last-Event-ID asks for what came after.
set -eu
: "${XAI_API_KEY:?is not set (expected: a key of ./jubal key create NAME)}"
BASE_URL=${BASE_URL:-http://127.0.0.1:8080/v1}
body='{
  "model": "grok-4",
  "messages": [{"role": "user", "content": "Count from 1 to 20."}],
  "max_tokens": 64,
  "stream": true
}'

ask() {
  curl -sS -N --fail-with-body "$BASE_URL/chat/completions" \
    -H "Content-Type: application/json" -H "Authorization: Bearer $XAI_API_KEY" -H "$1" -d "$body"
}

# head closes the pipe after three events: the client is gone
begin=$(ask "x-jubal-resumable: 60s" 2>/dev/null | head -n 9 || true)
printf '%s\n' "$begin"
last=$(printf '%s\n' "$begin" | sed -n 's/^id: //p' | tail -n 1)
echo "--- lost after $last"
ask "Last-Event-ID: $last"
