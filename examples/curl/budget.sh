#!/bin/sh
# What a request could cost at most, and under which budgets and limits it would pass: nothing is answered or charged.
set -eu
: "${XAI_API_KEY:?is not set (expected: a key of ./jubal key create NAME)}"
BASE_URL=${BASE_URL:-http://127.0.0.1:8080/v1}

for dialect in chat responses messages; do
  case $dialect in
    responses) prompt='"input": "What is the capital of France?", "max_output_tokens": 32' ;;
    *) prompt='"messages": [{"role": "user", "content": "What is the capital of France?"}], "max_tokens": 32' ;;
  esac
  curl -sS --fail-with-body "$BASE_URL/admission/explain/$dialect" \
    -H "Content-Type: application/json" \
    -H "Authorization: Bearer $XAI_API_KEY" \
    -d "{\"model\": \"grok-4\", $prompt}"
  echo
done
