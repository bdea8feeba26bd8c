"""A picture as data, in chat and in the Responses API. An argument names a file of yours."""

import base64
import mimetypes
import os
import pathlib
import sys

from openai import OpenAI

BLUE_DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNQCLgAAAHUAUEZ9iwvAAAAAElFTkSuQmCC"
client = OpenAI(
    api_key=os.environ["XAI_API_KEY"],
    base_url=os.environ.get("BASE_URL", "http://127.0.0.1:8080/v1"),
)


def data_url():
    if len(sys.argv) < 2:
        return "data:image/png;base64," + BLUE_DOT
    file = pathlib.Path(sys.argv[1])
    kind = mimetypes.guess_type(file.name)[0]
    return f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode()}"


chat = client.chat.completions.create(
    model="grok-4",
    max_tokens=64,
    messages=[
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "What is in this picture?"},
                {"type": "image_url", "image_url": {"url": data_url(), "detail": "high"}},
            ],
        }
    ],
)
print(chat.choices[0].message.content)
print("image tokens:", chat.usage.prompt_tokens_details.model_dump()["image_tokens"])

response = client.responses.create(
    model="grok-4",
    max_output_tokens=64,
    store=False,
    input=[
        {
            "role": "user",
            "content": [
                {"type": "input_text", "text": "Which colour has most of it?"},
                {"type": "input_image", "image_url": data_url(), "detail": "low"},
            ],
        }
    ],
)
print(response.output_text)
