#!/bin/sh
# A picture and a question about it. PICTURE is a file; without one it is a blue dot.
set -eu
: "${XAI_API_KEY:?is not set (expected: a key of ./jubal key create NAME)}"
BASE_URL=${BASE_URL:-http://127.0.0.1:8080/v1}

dot=iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNQCLgAAAHUAUEZ9iwvAAAAAElFTkSuQmCC
data=$(if [ -n "${PICTURE:-}" ]; then base64 <"$PICTURE" | tr -d '\n'; else echo "$dot"; fi)

# The body goes by standard input: a picture is too long for a command line.
curl -sS --fail-with-body "$BASE_URL/chat/completions" \
  -H "Content-Type: application/json" \
  -H "Authorization: Bearer $XAI_API_KEY" \
  -d @- <<END
{
  "model": "grok-4",
  "messages": [{"role": "user", "content": [
    {"type": "text", "text": "Which colour is this?"},
    {"type": "image_url", "image_url": {"url": "data:image/png;base64,$data", "detail": "low"}}
  ]}],
  "max_tokens": 64
}
END
echo
