"""A thought before the answer: streamed, counted, and sent back encrypted in the next turn."""

import os

from openai import OpenAI

client = OpenAI(
    api_key=os.environ["XAI_API_KEY"],
    base_url=os.environ.get("BASE_URL", "http://127.0.0.1:8080/v1"),
)
question = {"role": "user", "content": "How many minutes are two hours?"}

stream = client.chat.completions.create(
    model="grok-3-mini", messages=[question], reasoning_effort="low", max_tokens=64, stream=True
)
for chunk in stream:
    for choice in chunk.choices:
        print(getattr(choice.delta, "reasoning_content", None) or "", end="")
        print(choice.delta.content or "", end="", flush=True)
    if chunk.usage:
        details = chunk.usage.completion_tokens_details
        print("\nreasoning tokens:", details.reasoning_tokens)

first = client.responses.create(
    model="grok-4",
    input=[question],
    include=["reasoning.encrypted_content"],
    max_output_tokens=64,
    store=False,
)
thought = first.output[0]
print("encrypted:", thought.encrypted_content[:24], "...")

history = [question, *(item.model_dump(exclude_none=True) for item in first.output)]
again = client.responses.create(
    model="grok-4",
    input=[*history, {"role": "user", "content": "And three hours?"}],
    max_output_tokens=64,
    store=False,
)
print(again.output_text)
