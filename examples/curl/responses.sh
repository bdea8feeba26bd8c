#!/bin/sh
# The Responses API. Answers of large models can take minutes, hence -m 3600.
set -eu
: "${XAI_API_KEY:?is not set (expected: a key of ./jubal key create NAME)}"
BASE_URL=${BASE_URL:-http://127.0.0.1:8080/v1}

curl -sS -m 3600 --fail-with-body "$BASE_URL/responses" \
  -H "Content-Type: application/json" \
  -H "Authorization: Bearer $XAI_API_KEY" \
  -d '{
    "model": "grok-4",
    "input": [
      {"role": "system", "content": "Answer in one short sentence."},
      {"role": "user", "content": "Why is the sky blue?"}
    ],
    "max_output_tokens": 64
  }'
echo
