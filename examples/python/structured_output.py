"""Answers as objects: a pydantic model in, an instance of it out, whole and streamed."""

import os

import pydantic
from openai import OpenAI

client = OpenAI(
    api_key=os.environ["XAI_API_KEY"],
    base_url=os.environ.get("BASE_URL", "http://127.0.0.1:8080/v1"),
)


class Person(pydantic.BaseModel):
    name: str = pydantic.Field(max_length=40)
    age: int = pydantic.Field(ge=0, le=150)
    city: str = pydantic.Field(max_length=40)


messages = [{"role": "user", "content": "Ann Lee, aged 34, lives in Oslo."}]

completion = client.chat.completions.parse(
    model="grok-4", messages=messages, response_format=Person, max_tokens=200
)
print(completion.choices[0].message.parsed)

with client.chat.completions.stream(
    model="grok-4", messages=messages, response_format=Person, max_tokens=200
) as stream:
    for event in stream:
        if event.type == "content.delta":
            print(event.delta, end="", flush=True)
    print()
    print(stream.get_final_completion().choices[0].message.parsed)

response = client.responses.parse(
    model="grok-4", input=messages, text_format=Person, max_output_tokens=200
)
print(response.output_parsed)
