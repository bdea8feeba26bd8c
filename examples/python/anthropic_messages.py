"""The Anthropic SDK with only its address and key changed: a message, a stream, a call."""

import os

from anthropic import Anthropic

# This SDK adds /v1 by itself.
root = os.environ.get("BASE_URL", "http://127.0.0.1:8080/v1").removesuffix("/v1")
client = Anthropic(base_url=root, api_key=os.environ["XAI_API_KEY"])

message = client.messages.create(
    model="grok-4",
    max_tokens=64,
    system="Be brief.",
    messages=[{"role": "user", "content": "What is the capital of France?"}],
)
print(message.stop_reason, "".join(b.text for b in message.content if b.type == "text"))

with client.messages.stream(
    model="grok-4",
    max_tokens=64,
    messages=[{"role": "user", "content": "Count from one to five."}],
) as stream:
    for text in stream.text_stream:
        print(text, end="", flush=True)
print()

weather = {
    "name": "get_weather",
    "description": "The weather of a city.",
    "input_schema": {
        "type": "object",
        "properties": {
            "city": {"type": "string", "maxLength": 40},
            "unit": {"type": "string", "enum": ["C", "F"]},
        },
        "required": ["city", "unit"],
    },
}
called = client.messages.create(
    model="grok-4",
    max_tokens=256,
    messages=[{"role": "user", "content": "What is the weather in Oslo?"}],
    tools=[weather],
    tool_choice={"type": "any"},
)
for block in called.content:
    if block.type == "tool_use":
        print(block.name, block.input)
