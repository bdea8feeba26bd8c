"""Work that outlives its client: a deferred completion, and a response made in the background."""

import os
import time

import openai
import requests

BASE_URL = os.environ.get("BASE_URL", "http://127.0.0.1:8080/v1")
KEY = os.environ["XAI_API_KEY"]


def deferred() -> str:
    """xAI's way: plain HTTP, since the OpenAI SDK does not know it."""
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {KEY}"
    accepted = session.post(
        f"{BASE_URL}/chat/completions",
        json={
            "model": "grok-4",
            "messages": [{"role": "user", "content": "What is the capital of France?"}],
            "max_tokens": 32,
            "deferred": True,
        },
        timeout=30,
    )
    accepted.raise_for_status()
    request_id = accepted.json()["request_id"]
    while True:
        answer = session.get(f"{BASE_URL}/chat/deferred-completion/{request_id}", timeout=30)
        if answer.status_code != 202:
            break
        time.sleep(0.5)
    answer.raise_for_status()
    return answer.json()["choices"][0]["message"]["content"]


def background() -> str:
    """The OpenAI SDK's way."""
    client = openai.OpenAI(base_url=BASE_URL, api_key=KEY)
    response = client.responses.create(
        model="grok-4", input="Name three rivers.", max_output_tokens=48, background=True
    )
    while response.status in {"queued", "in_progress"}:
        time.sleep(0.5)
        response = client.responses.retrieve(response.id)
    return response.output_text


print("deferred:", deferred())
print("background:", background())
