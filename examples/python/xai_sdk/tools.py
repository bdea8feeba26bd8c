"""xai-sdk: a call of a function of yours, its result, and the answer."""

import json
import os

from xai_sdk import Client
from xai_sdk.chat import tool, tool_result, user
from xai_sdk.proto import chat_pb2


def weather(city: str) -> str:
    return f"21 degrees and sunny in {city}"


client = Client(
    api_key=os.environ["XAI_API_KEY"],
    api_host=os.environ.get("GRPC_HOST", "localhost:8080"),
)
chat = client.chat.create(
    "grok-4-fast-non-reasoning",
    max_tokens=100,
    tools=[
        tool(
            name="weather",
            description="Weather of a city",
            parameters={
                "type": "object",
                "properties": {"city": {"type": "string"}},
                "required": ["city"],
            },
        )
    ],
    tool_choice="required",
)
chat.append(user("What is the weather in Paris?"))
response = chat.sample()
chat.append(response)
for call in response.tool_calls:
    print(call.function.name, call.function.arguments)
    result = weather(**json.loads(call.function.arguments))
    chat.append(tool_result(result, tool_call_id=call.id))

chat.proto.tool_choice.CopyFrom(chat_pb2.ToolChoice(mode=chat_pb2.TOOL_MODE_NONE))
print(chat.sample().content)
