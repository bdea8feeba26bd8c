#!/bin/sh
# How a caller stands against its limits: the headers of an answer, and of a refusal (429) when there is one.
set -eu
: "${XAI_API_KEY:?is not set (expected: a key of ./jubal key create NAME)}"
BASE_URL=${BASE_URL:-http://127.0.0.1:8080/v1}

# A limit is set on the server, for example:
#   ./jubal limit set requests_per_minute 2 --team default --scope team
for _ in 1 2 3; do
  curl -sS -o /dev/null -D - "$BASE_URL/chat/completions" \
    -H "Content-Type: application/json" \
    -H "Authorization: Bearer $XAI_API_KEY" \
    -d '{
      "model": "grok-4-fast-non-reasoning",
      "messages": [{"role": "user", "content": "Say hello."}],
      "max_tokens": 8
    }' | grep -iE '^(HTTP|x-ratelimit|retry-after|x-should-retry)'
  echo
done
