curl -sS https://api.x.ai/v1/responses \
  -m 3600 \
  -H "Content-Type: application/json" \
  -H "Authorization: Bearer $XAI_API_KEY" \
  -d '{
    "model": "grok-4-1-fast-reasoning",
    "input": [
      {"role": "system", "content": "You answer in one short sentence."},
      {"role": "user", "content": "Why is the sky blue?"}
    ],
    "temperature": 0.2,
    "max_output_tokens": 64
  }'
