"""The OpenAI SDK: a chat completion, a stream, and the Responses API."""

import os

from openai import OpenAI

client = OpenAI(
    api_key=os.environ["XAI_API_KEY"],
    base_url=os.environ.get("BASE_URL", "http://127.0.0.1:8080/v1"),
)

completion = client.chat.completions.create(
    model="grok-4",
    messages=[
        {"role": "system", "content": "Answer in one short sentence."},
        {"role": "user", "content": "What is the capital of France?"},
    ],
    max_tokens=64,
)
print(completion.choices[0].message.content)
print(completion.usage.total_tokens, "tokens, request", completion._request_id)

for chunk in client.chat.completions.create(
    model="grok-4",
    messages=[{"role": "user", "content": "Count from 1 to 5."}],
    max_tokens=64,
    stream=True,
):
    print(chunk.choices[0].delta.content or "", end="", flush=True)
print()

response = client.responses.create(
    model="grok-4",
    instructions="Answer in one short sentence.",
    input="Why is the sky blue?",
    max_output_tokens=64,
)
print(response.output_text)
