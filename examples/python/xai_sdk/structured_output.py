"""xai-sdk: a pydantic model in, an instance of it out."""

import os

from pydantic import BaseModel
from xai_sdk import Client
from xai_sdk.chat import user


class City(BaseModel):
    name: str
    country: str
    population: int


client = Client(
    api_key=os.environ["XAI_API_KEY"],
    api_host=os.environ.get("GRPC_HOST", "localhost:8080"),
)
chat = client.chat.create("grok-4-fast-non-reasoning", max_tokens=200)
chat.append(user("Describe a city."))
_, city = chat.parse(City)
print(repr(city))
