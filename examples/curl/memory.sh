#!/bin/sh
# Responses that the server remembers: made, continued, listed, made shorter, deleted.
set -eu
: "${XAI_API_KEY:?is not set (expected: a key of ./jubal key create NAME)}"
BASE_URL=${BASE_URL:-http://127.0.0.1:8080/v1}

call() { # METHOD PATH [BODY]
  curl -sS -m 3600 --fail-with-body -X "$1" "$BASE_URL$2" \
    -H "Content-Type: application/json" \
    -H "Authorization: Bearer $XAI_API_KEY" \
    ${3:+-d "$3"}
}
id_of() { printf '%s' "$1" | sed 's/^{"id":"\([^"]*\)".*/\1/'; }

first=$(call POST /responses '{"model": "grok-4", "input": "My name is Ann.", "max_output_tokens": 32}')
id=$(id_of "$first")
second=$(call POST /responses '{"model": "grok-4", "previous_response_id": "'"$id"'",
  "input": "What is my name?", "max_output_tokens": 32}')
printf '%s\n' "$second"
call GET "/responses/$(id_of "$second")/input_items?order=asc"
echo
call POST /responses/compact '{"model": "grok-4", "previous_response_id": "'"$id"'"}'
echo
call DELETE "/responses/$id"
echo
