"""Conversations through xai-sdk, sync and async."""

import asyncio
import datetime
import json

import grpc
import pytest
from pydantic import BaseModel
from xai_sdk.chat import system, tool, tool_result, user
from xai_sdk.proto import chat_pb2

SECOND = datetime.timedelta(seconds=1)
WEATHER = tool(
    name="get_weather",
    description="Weather of a city",
    parameters={
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
    },
)


def code(call, *args, **kwargs):
    with pytest.raises(grpc.RpcError) as e:
        call(*args, **kwargs)
    return e.value.code()


def ask(client, model, text="Say hello.", **options):
    chat = client.chat.create(model, **{"max_tokens": 24, "temperature": 0, **options})
    chat.append(user(text))
    return chat


def test_whole_and_streamed_say_the_same(client, model):
    whole = ask(client, model, seed=1).sample()
    streamed, pieces = None, []
    for streamed, chunk in ask(client, model, seed=1).stream():
        pieces.append(chunk.content)
    assert "".join(pieces) == streamed.content == whole.content
    assert streamed.finish_reason == whole.finish_reason
    assert streamed.usage.completion_tokens == whole.usage.completion_tokens > 0
    assert streamed.cost_usd is not None


def test_batches_of_answers(client, model):
    assert len(ask(client, model).sample_batch(2)) == 2
    for responses, _ in ask(client, model).stream_batch(2):
        pass
    assert [r.content != "" for r in responses] == [True, True]


class Person(BaseModel):
    name: str
    age: int


def test_parse(client, model):
    response, person = ask(client, model, "Name a person.", max_tokens=200).parse(Person)
    assert person == Person.model_validate_json(response.content)


def test_a_tool_is_called_and_its_result_taken(client, model):
    chat = ask(client, model, "Weather in Paris?", tools=[WEATHER], tool_choice="required", max_tokens=100)
    response = chat.sample()
    assert response.finish_reason == "REASON_TOOL_CALLS"
    [call] = response.tool_calls
    assert set(json.loads(call.function.arguments)) == {"city"}
    chat.append(response)
    chat.append(tool_result("21C", tool_call_id=call.id))
    chat.proto.tool_choice.CopyFrom(chat_pb2.ToolChoice(mode=chat_pb2.TOOL_MODE_NONE))
    assert chat.sample().content


def test_deferred(client, model):
    response = ask(client, model).defer(timeout=120 * SECOND, interval=SECOND / 10)
    assert response.content


def test_stored_continued_deleted(client, model):
    response = ask(client, model, store_messages=True).sample()
    [stored] = client.chat.get_stored_completion(response.id)
    assert stored.content == response.content
    following = ask(client, model, "And again.", previous_response_id=response.id).sample()
    assert following.usage.prompt_tokens > response.usage.prompt_tokens
    assert client.chat.delete_stored_completion(response.id) == response.id
    assert code(client.chat.get_stored_completion, response.id) == grpc.StatusCode.NOT_FOUND


def test_compacted(client, model):
    chat = client.chat.create(model, max_tokens=16)
    chat.append(system("Be brief."))
    for i in range(30):
        chat.append(user(f"Turn {i}: remember the number {i} and the colour blue."))
    compacted = chat.compact()
    assert compacted.encrypted_content
    assert len(chat.messages) == 1
    chat.append(user("Which colour?"))
    assert chat.sample().content


def test_refusals_name_the_field(client, model):
    with pytest.raises(grpc.RpcError) as e:
        ask(client, model, temperature=2.5).sample()
    assert e.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert e.value.details().startswith("temperature: 2.5")
    assert code(ask(client, "no-such-model").sample) == grpc.StatusCode.NOT_FOUND


def test_async(make_async, model):
    async def run():
        client = make_async()
        one = ask(client, model)
        responses = await asyncio.gather(ask(client, model).sample(), one.sample())
        pieces = [chunk.content async for _, chunk in ask(client, model).stream()]
        deferred = await ask(client, model).defer(timeout=120 * SECOND, interval=SECOND / 10)
        await client.close()
        return responses, pieces, deferred

    responses, pieces, deferred = asyncio.run(run())
    assert all(r.content for r in responses) and "".join(pieces) and deferred.content


def test_models_tokens_and_key(client, model, key):
    assert client.models.get_language_model(model).name == model
    tokens = client.tokenize.tokenize_text("Hello, world!", model)
    assert b"".join(t.token_bytes for t in tokens).decode().strip() == "Hello, world!"
    info = client.auth.get_api_key_info()
    assert key not in str(info) and info.acls


def test_later_features_say_so(client):
    assert code(client.batch.create, "later") == grpc.StatusCode.UNIMPLEMENTED
