"""Plain HTTP with a time-out, and what an error says."""

import os
import sys

import requests

base_url = os.environ.get("BASE_URL", "http://127.0.0.1:8080/v1")

response = requests.post(
    f"{base_url}/chat/completions",
    headers={"Authorization": f"Bearer {os.environ['XAI_API_KEY']}"},
    json={
        "model": "grok-4",
        "messages": [{"role": "user", "content": "What is the capital of France?"}],
        "max_tokens": 64,
    },
    timeout=60,
)
if not response.ok:
    sys.exit(f"{response.status_code}, request {response.headers.get('x-request-id')}: {response.text}")
print(response.json()["choices"][0]["message"]["content"])
