"""The Anthropic SDK as its users have it: only the address and the key are others."""

import asyncio
import json

import anthropic
import pytest
from conftest import is_uuid, user

WEATHER = {
    "name": "get_weather",
    "description": "The weather of a city.",
    "input_schema": {
        "type": "object",
        "properties": {
            "city": {"type": "string", "enum": ["Paris", "Oslo"]},
            "unit": {"type": "string", "enum": ["C", "F"]},
        },
        "required": ["city", "unit"],
        "additionalProperties": False,
    },
}
ASK = user("What is the weather in Paris, in degrees Celsius?")
STRICT = {"_strict_response_validation": True, "max_retries": 0}


@pytest.fixture(scope="module")
def claude(server):
    """Every answer is held against the SDK's own types."""
    with anthropic.Anthropic(base_url=server.root, api_key=server.api_key, **STRICT) as client:
        yield client


def texts(message):
    return "".join(b.text for b in message.content if b.type == "text")


def test_a_message(claude, server):
    message = claude.messages.create(
        model=server.model, max_tokens=16, system="Be brief.", messages=user("Say hello.")
    )
    assert message.type == "message" and message.role == "assistant"
    assert message.id.startswith("msg_") and message.model == server.model
    assert message.stop_reason in ("end_turn", "max_tokens") and message.stop_sequence is None
    assert message.usage.input_tokens > 0 and 0 < message.usage.output_tokens <= 16
    assert message.usage.cache_creation_input_tokens == 0
    assert is_uuid(message._request_id)


def test_a_prefix_is_read_from_the_cache(claude, server):
    blocks = [{"type": "text", "text": "Count. " * 60, "cache_control": {"type": "ephemeral"}}]
    used = [
        claude.messages.create(
            model=server.model, max_tokens=1, system=blocks, messages=user("Go.")
        ).usage
        for _ in range(2)
    ]
    read = [u.input_tokens + u.cache_read_input_tokens for u in used]
    assert read[0] == read[1]
    assert used[1].cache_read_input_tokens > 0 and used[1].input_tokens > 0


def test_the_other_key_header(server):
    headers = {"x-api-key": server.api_key, "Authorization": anthropic.Omit()}
    with anthropic.Anthropic(base_url=server.root, api_key="unused", **STRICT) as client:
        message = client.messages.create(
            model=server.model, max_tokens=1, messages=user("Hi."), extra_headers=headers
        )
    assert message.usage.output_tokens == 1


def test_a_stream_is_the_message(claude, server):
    asked = {
        "model": server.model,
        "max_tokens": 24,
        "messages": user("Say hello."),
        "extra_body": {"temperature": 0},  # this SDK no longer names it
    }
    with claude.messages.stream(**asked) as stream:
        events = list(stream)
        message = stream.get_final_message()
    kinds = [e.type for e in events]
    assert kinds[0] == "message_start" and kinds[-1] == "message_stop"
    deltas = [e.text for e in events if e.type == "text"]
    assert "".join(deltas) == texts(message)
    whole = claude.messages.create(**asked)
    assert texts(whole) == texts(message)
    assert whole.stop_reason == message.stop_reason
    assert whole.usage.output_tokens == message.usage.output_tokens


def test_a_stop_sequence_is_named(claude, server):
    message = claude.messages.create(
        model=server.model, max_tokens=64, stop_sequences=["e"], messages=user("Say hello.")
    )
    assert message.stop_reason == "stop_sequence" and message.stop_sequence == "e"
    assert "e" not in texts(message)


def test_a_call_its_result_and_the_answer(claude, server):
    first = claude.messages.create(
        model=server.model,
        max_tokens=128,
        messages=ASK,
        tools=[WEATHER],
        tool_choice={"type": "any", "disable_parallel_tool_use": True},
    )
    assert first.stop_reason == "tool_use"
    (call,) = [b for b in first.content if b.type == "tool_use"]
    assert call.name == "get_weather" and set(call.input) == {"city", "unit"}
    result = {
        "type": "tool_result",
        "tool_use_id": call.id,
        "content": [{"type": "text", "text": json.dumps({"degrees": 21})}],
    }
    turns = [
        *ASK,
        {"role": "assistant", "content": first.content},
        {"role": "user", "content": [result]},
    ]
    second = claude.messages.create(
        model=server.model,
        max_tokens=24,
        messages=turns,
        tools=[WEATHER],
        tool_choice={"type": "none"},
    )
    assert second.stop_reason != "tool_use" and texts(second)


def test_a_streamed_call(claude, server):
    with claude.messages.stream(
        model=server.model,
        max_tokens=128,
        messages=ASK,
        tools=[WEATHER],
        tool_choice={"type": "tool", "name": "get_weather"},
    ) as stream:
        message = stream.get_final_message()
    call = next(b for b in message.content if b.type == "tool_use")
    assert set(call.input) == {"city", "unit"}


def test_a_schema(claude, server):
    schema = {
        "type": "object",
        "properties": {"n": {"type": "integer", "minimum": 0, "maximum": 9}},
        "required": ["n"],
        "additionalProperties": False,
    }
    message = claude.messages.create(
        model=server.model,
        max_tokens=64,
        messages=user("A number?"),
        output_config={"format": {"type": "json_schema", "schema": schema}},
    )
    assert 0 <= json.loads(texts(message))["n"] <= 9


def test_a_count_is_that_of_the_message(claude, server):
    asked = {
        "model": server.model,
        "system": "Be brief.",
        "messages": ASK,
        "tools": [WEATHER],
        "tool_choice": {"type": "any"},
    }
    counted = claude.messages.count_tokens(**asked)
    usage = claude.messages.create(max_tokens=1, **asked).usage
    assert counted.input_tokens == usage.input_tokens + usage.cache_read_input_tokens


def test_a_thought_is_signed_and_comes_back(claude, server):
    asked = {
        "model": server.reasoning_model,
        "max_tokens": 64,
        "thinking": {"type": "enabled", "budget_tokens": 16},
        "messages": user("Is 7 prime?"),
    }
    with claude.messages.stream(**asked) as stream:
        message = stream.get_final_message()
    thought = message.content[0]
    assert thought.type == "thinking" and thought.thinking and thought.signature
    assert message.usage.output_tokens <= 64
    turns = [
        *asked["messages"],
        {"role": "assistant", "content": message.content},
        *user("And 8?"),
    ]
    assert claude.messages.create(**{**asked, "messages": turns}).content
    turns[1] = {"role": "assistant", "content": [{**thought.to_dict(), "thinking": "No."}]}
    with pytest.raises(anthropic.BadRequestError, match="signature"):
        claude.messages.create(**{**asked, "messages": turns})


@pytest.mark.parametrize(
    ("change", "error", "kind"),
    [
        ({"model": "no-such-model"}, anthropic.NotFoundError, "not_found_error"),
        ({"max_tokens": 0}, anthropic.BadRequestError, "invalid_request_error"),
        ({"messages": []}, anthropic.BadRequestError, "invalid_request_error"),
    ],
)
def test_errors(claude, server, change, error, kind):
    with pytest.raises(error) as raised:
        claude.messages.create(
            **{"model": server.model, "max_tokens": 4, "messages": user("Hi."), **change}
        )
    body = raised.value.body
    assert body["type"] == "error" and body["error"]["type"] == kind
    assert body["request_id"] == raised.value.request_id


def test_a_wrong_key(server):
    with (
        anthropic.Anthropic(base_url=server.root, api_key="xai-wrong", **STRICT) as client,
        pytest.raises(anthropic.AuthenticationError) as raised,
    ):
        client.messages.create(model=server.model, max_tokens=1, messages=user("Hi."))
    assert raised.value.body["error"]["type"] == "authentication_error"


def test_many_at_once(server):
    async def ask():
        async with anthropic.AsyncAnthropic(
            base_url=server.root, api_key=server.api_key, **STRICT
        ) as client:
            asked = {"model": server.model, "max_tokens": 8, "messages": user("Hi.")}
            return await asyncio.gather(*[client.messages.create(**asked) for _ in range(4)])

    assert len({m.id for m in asyncio.run(ask())}) == 4


def test_the_older_complete(raw, server):
    asked = {
        "model": server.model,
        "max_tokens_to_sample": 8,
        "prompt": "\n\nHuman: Say hello.\n\nAssistant:",
        "temperature": 0,
    }
    whole = raw.post("/v1/complete", asked).json()
    assert whole["type"] == "completion" and whole["completion"]
    assert whole["stop_reason"] in ("stop_sequence", "max_tokens")
    streamed = raw.post("/v1/complete", {**asked, "stream": True}).text
    events = [json.loads(line[6:]) for line in streamed.splitlines() if line.startswith("data: ")]
    assert "".join(e["completion"] for e in events) == whole["completion"]
    assert [e["stop_reason"] for e in events[:-1]] == [None] * (len(events) - 1)
    assert events[-1]["stop_reason"] == whole["stop_reason"]
