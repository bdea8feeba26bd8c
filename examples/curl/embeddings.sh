#!/bin/sh
# Embeddings of two texts, cut to 8 numbers each so that they fit a screen.
set -eu
: "${XAI_API_KEY:?is not set (expected: a key of ./jubal key create NAME)}"
BASE_URL=${BASE_URL:-http://127.0.0.1:8080/v1}

curl -sS --fail-with-body "$BASE_URL/embeddings" \
  -H "Content-Type: application/json" \
  -H "Authorization: Bearer $XAI_API_KEY" \
  -d '{"model": "grok-embed", "input": ["A cat sleeps.", "A kitten naps."], "dimensions": 8}'
echo
