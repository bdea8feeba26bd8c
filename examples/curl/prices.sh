#!/bin/sh
# What a name costs, and what an answer did: as usual, and asked for before others.
set -eu
: "${XAI_API_KEY:?is not set (expected: a key of ./jubal key create NAME)}"
BASE_URL=${BASE_URL:-http://127.0.0.1:8080/v1}
MODEL=${MODEL:-grok-4}

# Ticks are 1e-10 USD. A factor for priority is set on the server, for example:
#   ./jubal price set grok-4 --input 3 --cached 0.75 --output 15 --priority 1.5 --source "our contract"
curl -sS --fail-with-body "$BASE_URL/models/$MODEL" -H "Authorization: Bearer $XAI_API_KEY" |
  tr ',' '\n' | grep -E '^"(prompt|cached|completion)[a-z_]*price"' | head -n 4

for tier in default priority; do
  echo "asked: $tier"
  curl -sS --fail-with-body "$BASE_URL/chat/completions" \
    -H "Content-Type: application/json" \
    -H "Authorization: Bearer $XAI_API_KEY" \
    -d "{
      \"model\": \"$MODEL\",
      \"service_tier\": \"$tier\",
      \"messages\": [{\"role\": \"user\", \"content\": \"Say hello.\"}],
      \"max_tokens\": 8
    }" | tr ',{}' '\n\n\n' | grep -E '^"(service_tier|cost_in_usd_ticks)"'
done
