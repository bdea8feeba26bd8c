"""xai-sdk against your own server: an answer, whole and streamed.

The SDK speaks gRPC: plain text to `localhost:PORT`, TLS to every other host. For a certificate of
your own set GRPC_DEFAULT_SSL_ROOTS_FILE_PATH to its file before Python starts.
"""

import os

from xai_sdk import Client
from xai_sdk.chat import system, user

client = Client(
    api_key=os.environ["XAI_API_KEY"],
    api_host=os.environ.get("GRPC_HOST", "localhost:8080"),
)

chat = client.chat.create("grok-4-fast-non-reasoning", max_tokens=64)
chat.append(system("Answer in one sentence."))
chat.append(user("What is the capital of France?"))
response = chat.sample()
print(response.content)
print(f"{response.usage.total_tokens} tokens, {response.cost_usd} USD")

chat.append(response)
chat.append(user("And of Italy?"))
for _, chunk in chat.stream():
    print(chunk.content, end="", flush=True)
print()
