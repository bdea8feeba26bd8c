"""LangChain's own clients of OpenAI, Anthropic and xAI, unmodified, against a running server.

Run by hand, in an environment of its own, as these packages move openai and anthropic:

    python3 -m venv .venv && .venv/bin/pip install -r requirements.txt
    BASE_URL=http://localhost:8080/v1 API_KEY=xai-... .venv/bin/python -m pytest -q .
"""

import asyncio
import base64
import os
import struct
import zlib

import pytest
from anthropic import AuthenticationError
from langchain_anthropic import ChatAnthropic
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from langchain_xai import ChatXAI
from pydantic import BaseModel, Field

BASE_URL = os.environ["BASE_URL"].rstrip("/")
ROOT = BASE_URL.removesuffix("/v1")
KEY = os.environ["API_KEY"]
MODEL = os.environ.get("MODEL", "grok-4-fast-non-reasoning")
REASONING_MODEL = os.environ.get("REASONING_MODEL", "grok-4")
LOOP = asyncio.new_event_loop()
EMBED_MODEL = os.environ.get("EMBED_MODEL", "grok-embed")


def openai_chat(**more):
    return ChatOpenAI(
        base_url=BASE_URL, api_key=KEY, model=MODEL, max_tokens=64, max_retries=0, **more
    )


def openai_responses(**more):
    return openai_chat(use_responses_api=True, **more)


def anthropic(**more):
    more.setdefault("max_tokens", 64)
    return ChatAnthropic(base_url=ROOT, api_key=KEY, model=MODEL, max_retries=0, **more)


def xai(**more):
    return ChatXAI(
        xai_api_base=BASE_URL, xai_api_key=KEY, model=MODEL, max_tokens=64, max_retries=0, **more
    )


@pytest.fixture(params=[openai_chat, openai_responses, anthropic, xai], ids=lambda f: f.__name__)
def make(request):
    return request.param


@tool
def weather(city: str) -> str:
    """The weather in a city."""
    return f"It is 21 degrees in {city}."


class Person(BaseModel):
    """A person."""

    name: str
    age: int = Field(ge=0, le=150)


def picture():
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = (b"\x00" + b"\x20\x50\xd0" * 8) * 8
    png = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
    return base64.b64encode(png).decode()


def test_chat(make):
    answer = make().invoke([SystemMessage("Be short."), HumanMessage("Say hello.")])
    assert answer.text
    assert answer.usage_metadata["input_tokens"] > 0
    assert answer.usage_metadata["output_tokens"] > 0


def test_stream(make):
    chunks = list(make().stream("Count to five."))
    assert len(chunks) > 1
    whole = chunks[0]
    for chunk in chunks[1:]:
        whole += chunk
    assert whole.text


def test_a_streamed_answer_tells_its_usage(make):
    more = {"stream_usage": True}
    whole = None
    for chunk in make(**more).stream("Say hi."):
        whole = chunk if whole is None else whole + chunk
    assert whole.usage_metadata["output_tokens"] > 0


def test_tools(make):
    choice = {"type": "tool", "name": "weather"} if make is anthropic else "weather"
    model = make().bind_tools([weather], tool_choice=choice)
    asked = HumanMessage("What is the weather in Paris?")
    answer = model.invoke([asked])
    assert [c["name"] for c in answer.tool_calls] == ["weather"]
    call = answer.tool_calls[0]
    assert "city" in call["args"]
    told = make().bind_tools([weather]).invoke(
        [asked, answer, ToolMessage(weather.invoke(call["args"]), tool_call_id=call["id"])]
    )
    assert isinstance(told, AIMessage)


def test_tools_streamed(make):
    choice = {"type": "tool", "name": "weather"} if make is anthropic else "weather"
    whole = None
    for chunk in make().bind_tools([weather], tool_choice=choice).stream("Weather in Rome?"):
        whole = chunk if whole is None else whole + chunk
    assert [c["name"] for c in whole.tool_calls] == ["weather"]
    assert "city" in whole.tool_calls[0]["args"]


@pytest.mark.parametrize("method", ["function_calling", "json_schema"])
def test_structured_output(make, method):
    model = make().with_structured_output(Person, method=method)
    found = model.invoke("Anna is 34 years old.")
    assert isinstance(found, Person)


def test_a_picture(make):
    parts = [
        {"type": "text", "text": "Which colour is it?"},
        {"type": "image", "base64": picture(), "mime_type": "image/png"},
    ]
    answer = make().invoke([HumanMessage(parts)])
    assert answer.text
    assert answer.usage_metadata["input_tokens"] > 256


def test_a_thought_and_what_follows_it():
    model = ChatAnthropic(
        base_url=ROOT,
        api_key=KEY,
        model=REASONING_MODEL,
        max_tokens=1200,
        max_retries=0,
        thinking={"type": "enabled", "budget_tokens": 1024},
    )
    asked = HumanMessage("What is 2 + 3?")
    answer = model.invoke([asked])
    assert any(block["type"] in ("thinking", "reasoning") for block in answer.content)
    again = model.invoke([asked, answer, HumanMessage("And 3 + 4?")])
    assert again.text


def test_tokens_are_counted_by_the_server():
    count = anthropic().get_num_tokens_from_messages([HumanMessage("Hello there.")])
    assert 3 <= count < 100


def test_batch_and_async(make):
    answers = make().batch(["Say one.", "Say two."])
    assert all(a.text for a in answers)

    async def run():
        return [c async for c in make().astream("Say three.")]

    # one loop for all: LangChain shares its connections between clients
    assert LOOP.run_until_complete(run())


def test_embeddings():
    model = OpenAIEmbeddings(
        base_url=BASE_URL, api_key=KEY, model=EMBED_MODEL, check_embedding_ctx_length=False
    )
    found = model.embed_documents(["one", "two"])
    assert len(found) == 2 and len(found[0]) == len(found[1]) > 10


def test_a_wrong_key_is_an_error_of_its_sdk():
    with pytest.raises(AuthenticationError):
        ChatAnthropic(base_url=ROOT, api_key="xai-no", model=MODEL, max_retries=0).invoke("Hi")
