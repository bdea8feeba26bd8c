#!/bin/sh
# A function the model may call: prints the call; its arguments always satisfy the schema.
set -eu
: "${XAI_API_KEY:?is not set (expected: a key of ./jubal key create NAME)}"
BASE_URL=${BASE_URL:-http://127.0.0.1:8080/v1}

curl -sS --fail-with-body "$BASE_URL/chat/completions" \
  -H "Content-Type: application/json" \
  -H "Authorization: Bearer $XAI_API_KEY" \
  -d '{
    "model": "grok-4",
    "messages": [{"role": "user", "content": "What is the weather in Oslo?"}],
    "max_tokens": 128,
    "tools": [
      {
        "type": "function",
        "function": {
          "name": "get_weather",
          "description": "The weather of a city.",
          "parameters": {
            "type": "object",
            "properties": {
              "city": {"type": "string", "maxLength": 40},
              "unit": {"type": "string", "enum": ["C", "F"]}
            },
            "required": ["city", "unit"]
          }
        }
      }
    ],
    "tool_choice": "required"
  }'
echo
