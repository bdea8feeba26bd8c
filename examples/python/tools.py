"""A function the model may call: it is run here, and its result goes back for the answer."""

import json
import os

from openai import OpenAI

client = OpenAI(
    api_key=os.environ["XAI_API_KEY"],
    base_url=os.environ.get("BASE_URL", "http://127.0.0.1:8080/v1"),
)


def get_weather(city: str, unit: str) -> dict:
    return {"city": city, "degrees": 21 if unit == "C" else 70, "sky": "clear"}


weather = {
    "name": "get_weather",
    "description": "The weather of a city.",
    "parameters": {
        "type": "object",
        "properties": {
            "city": {"type": "string", "maxLength": 40},
            "unit": {"type": "string", "enum": ["C", "F"]},
        },
        "required": ["city", "unit"],
    },
}
tools = [{"type": "function", "function": weather}]
messages = [{"role": "user", "content": "What is the weather in Oslo?"}]

# "required" makes it call; left out, the model decides.
first = client.chat.completions.create(
    model="grok-4", messages=messages, tools=tools, tool_choice="required", max_tokens=128
)
message = first.choices[0].message
messages.append(message.model_dump(exclude_none=True))
for call in message.tool_calls:
    print(call.function.name, call.function.arguments)
    result = get_weather(**json.loads(call.function.arguments))
    messages.append({"role": "tool", "tool_call_id": call.id, "content": json.dumps(result)})

second = client.chat.completions.create(
    model="grok-4", messages=messages, tools=tools, tool_choice="none", max_tokens=64
)
print(second.choices[0].message.content)
