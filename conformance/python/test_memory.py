"""Responses that the server remembers, by the OpenAI SDK."""

import openai
import pytest

SHORT = {"max_output_tokens": 24}
WEATHER = {
    "type": "function",
    "name": "get_weather",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
        "additionalProperties": False,
    },
    "strict": True,
}


def create(client, server, **fields):
    return client.responses.create(model=server.model, **{**SHORT, **fields})


def gone(client, response_id):
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(response_id)


def test_a_response_is_stored_as_it_was_answered_until_it_is_deleted(client, server):
    made = create(client, server, input="Say hello.", metadata={"k": "v"}, instructions="Be brief.")
    assert made.store is True
    assert client.responses.retrieve(made.id) == made
    client.responses.delete(made.id)
    gone(client, made.id)
    with pytest.raises(openai.NotFoundError):
        client.responses.delete(made.id)


def test_a_streamed_response_is_stored(client, server):
    *_, last = create(client, server, input="Say hello.", stream=True)
    assert client.responses.retrieve(last.response.id).output_text == last.response.output_text


def test_what_must_not_be_stored_is_not(client, server):
    made = create(client, server, input="Say hello.", store=False)
    assert made.store is False
    gone(client, made.id)
    with pytest.raises(openai.BadRequestError) as refused:
        create(client, server, input="And?", previous_response_id=made.id)
    assert refused.value.code == "previous_response_not_found"
    assert refused.value.param == "previous_response_id"


def test_a_chain_reads_all_that_was_said(client, server):
    first = create(client, server, input="My name is Ann.", instructions="Be brief.")
    second = create(client, server, input="What is my name?", previous_response_id=first.id)
    assert second.previous_response_id == first.id
    assert second.instructions == "Be brief."
    assert second.usage.input_tokens > first.usage.input_tokens + first.usage.output_tokens
    items = list(client.responses.input_items.list(second.id, order="asc", limit=1))
    assert [i.role for i in items] == ["user", "assistant", "user"]
    assert items[0].content[0].text == "My name is Ann."
    newest = client.responses.input_items.list(second.id, order="desc", limit=2)
    assert newest.has_more and newest.data[0].id == items[-1].id


def test_a_chain_with_a_tool(client, server):
    asked = create(
        client,
        server,
        input="What is the weather in Paris?",
        tools=[WEATHER],
        tool_choice="required",
        max_output_tokens=128,
    )
    call = next(i for i in asked.output if i.type == "function_call")
    output = {"type": "function_call_output", "call_id": call.call_id, "output": "21 C"}
    answered = create(client, server, input=[output], previous_response_id=asked.id)
    assert [t.name for t in answered.tools] == ["get_weather"]
    with pytest.raises(openai.BadRequestError) as refused:
        create(
            client,
            server,
            input=[{**output, "call_id": "call_none"}],
            previous_response_id=asked.id,
        )
    assert refused.value.param == "input[0].call_id"


def test_an_item_can_be_referred_to(client, server):
    first = create(client, server, input="Say hello.")
    again = create(
        client,
        server,
        input=[
            {"type": "item_reference", "id": first.output[0].id},
            {"role": "user", "content": "Again."},
        ],
    )
    assert again.usage.input_tokens > first.usage.output_tokens


def test_a_long_conversation_is_made_shorter(client, server):
    turns = [
        message
        for i in range(8)
        for message in (
            {"role": "user", "content": f"Note {i}: the garden of house {i} has {i + 2} roses and a pond."},
            {"role": "assistant", "content": f"I noted the roses and the pond of house {i}."},
        )
    ]
    compacted = client.responses.compact(model=server.model, input=turns)
    assert compacted.object == "response.compaction"
    assert [i.type for i in compacted.output] == ["compaction"]
    assert compacted.usage.output_tokens > 0
    question = {"role": "user", "content": "What did I note?"}
    whole = create(client, server, input=[*turns, question])
    short = create(
        client, server, input=[*[i.to_dict() for i in compacted.output], question]
    )
    assert short.usage.input_tokens < whole.usage.input_tokens
    changed = {**compacted.output[0].to_dict(), "encrypted_content": "bm90aGluZw=="}
    with pytest.raises(openai.BadRequestError) as refused:
        create(client, server, input=[changed, question])
    assert refused.value.param == "input[0].encrypted_content"
