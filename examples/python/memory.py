"""The OpenAI SDK: a conversation that the server remembers, with a tool, made shorter at the end."""

import json
import os

from openai import OpenAI

client = OpenAI(
    api_key=os.environ["XAI_API_KEY"],
    base_url=os.environ.get("BASE_URL", "http://127.0.0.1:8080/v1"),
)
weather = {
    "type": "function",
    "name": "get_weather",
    "description": "The weather of a city",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
        "additionalProperties": False,
    },
    "strict": True,
}

asked = client.responses.create(
    model="grok-4",
    input="What is the weather in Paris?",
    tools=[weather],
    tool_choice="required",
    max_output_tokens=128,
)
call = next(item for item in asked.output if item.type == "function_call")
print("call:", call.name, json.loads(call.arguments))

# Only what is new goes over the wire; the server knows the rest.
answered = client.responses.create(
    model="grok-4",
    previous_response_id=asked.id,
    input=[{"type": "function_call_output", "call_id": call.call_id, "output": "21 C, sunny"}],
    tools=[],
    max_output_tokens=64,
)
print(answered.output_text)

for item in client.responses.input_items.list(answered.id, order="asc"):
    print(item.type, item.id)

compacted = client.responses.compact(model="grok-4", previous_response_id=answered.id)
again = client.responses.create(
    model="grok-4",
    input=[*[item.to_dict() for item in compacted.output], {"role": "user", "content": "Thanks!"}],
    max_output_tokens=32,
)
print(again.output_text)
client.responses.delete(asked.id)
