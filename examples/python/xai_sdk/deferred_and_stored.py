"""xai-sdk: an answer that is collected later, and one that is stored, continued and deleted."""

import datetime
import os

from xai_sdk import Client
from xai_sdk.chat import user

MODEL = "grok-4-fast-non-reasoning"
client = Client(
    api_key=os.environ["XAI_API_KEY"],
    api_host=os.environ.get("GRPC_HOST", "localhost:8080"),
)

later = client.chat.create(MODEL, max_tokens=32)
later.append(user("Say hello."))
answer = later.defer(
    timeout=datetime.timedelta(minutes=5), interval=datetime.timedelta(milliseconds=200)
)
print("deferred:", answer.content)

first = client.chat.create(MODEL, max_tokens=32, store_messages=True)
first.append(user("My name is Ada."))
stored = first.sample()
following = client.chat.create(MODEL, max_tokens=32, previous_response_id=stored.id)
following.append(user("What is my name?"))
print("continued:", following.sample().content)
print("deleted:", client.chat.delete_stored_completion(stored.id))
