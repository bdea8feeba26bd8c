#!/bin/sh
# A request within a trace of the client's own, and what the metrics say of requests like it. Where the server exports
# traces (telemetry.otlp.endpoint), its spans are those of this trace; its line of the log has the id either way.
set -eu
: "${XAI_API_KEY:?is not set (expected: a key of ./jubal key create NAME)}"
BASE_URL=${BASE_URL:-http://127.0.0.1:8080/v1}

hex() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }
trace=$(hex 16)

curl -sS --fail-with-body "$BASE_URL/chat/completions" \
  -H "Content-Type: application/json" \
  -H "Authorization: Bearer $XAI_API_KEY" \
  -H "traceparent: 00-$trace-$(hex 8)-01" \
  -d '{"model": "grok-4", "max_tokens": 16, "messages": [{"role": "user", "content": "Name a river."}]}' \
  -o /dev/null -w "status %{http_code}, trace $trace\n"

curl -sS --fail-with-body -H "Authorization: Bearer $XAI_API_KEY" "${BASE_URL%/v1}/metrics" |
  grep -E '^jubal_(settled_total|tokens_total|cost_ticks_total|first_token_seconds_(count|sum))'
