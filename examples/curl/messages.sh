#!/bin/sh
# The Anthropic dialect: a message, streamed, and how many tokens its prompt has.
set -eu
: "${XAI_API_KEY:?is not set (expected: a key of ./jubal key create NAME)}"
BASE_URL=${BASE_URL:-http://127.0.0.1:8080/v1}

ask() {
  curl -sS -N --fail-with-body "$BASE_URL/$1" \
    -H "Content-Type: application/json" \
    -H "x-api-key: $XAI_API_KEY" \
    -H "anthropic-version: 2023-06-01" \
    -d "$2"
}

ask messages/count_tokens '{
  "model": "grok-4",
  "system": "Be brief.",
  "messages": [{"role": "user", "content": "What is the capital of France?"}]
}'
echo
ask messages '{
  "model": "grok-4",
  "max_tokens": 64,
  "system": "Be brief.",
  "messages": [{"role": "user", "content": "What is the capital of France?"}],
  "stream": true
}'
