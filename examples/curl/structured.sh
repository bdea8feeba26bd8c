#!/bin/sh
# An answer that always satisfies a schema.
set -eu
: "${XAI_API_KEY:?is not set (expected: a key of ./jubal key create NAME)}"
BASE_URL=${BASE_URL:-http://127.0.0.1:8080/v1}

curl -sS --fail-with-body "$BASE_URL/chat/completions" \
  -H "Content-Type: application/json" \
  -H "Authorization: Bearer $XAI_API_KEY" \
  -d '{
    "model": "grok-4",
    "messages": [{"role": "user", "content": "Ann Lee, aged 34, lives in Oslo."}],
    "max_tokens": 200,
    "response_format": {
      "type": "json_schema",
      "json_schema": {
        "name": "person",
        "schema": {
          "type": "object",
          "properties": {
            "name": {"type": "string", "maxLength": 40},
            "age": {"type": "integer", "minimum": 0, "maximum": 150},
            "city": {"type": "string", "maxLength": 40}
          },
          "required": ["name", "age", "city"]
        }
      }
    }
  }'
echo
