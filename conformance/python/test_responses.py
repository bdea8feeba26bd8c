"""The Responses API, one answer at a time; test_memory.py continues them."""

import openai
import pytest
from openai.types.responses import ResponseStreamEvent
from pydantic import TypeAdapter

SHORT = {"max_output_tokens": 32}


def check(response):
    assert response.object == "response"
    assert response.status in ("completed", "incomplete")
    assert response.error is None
    message = response.output[0]
    assert message.type == "message" and message.role == "assistant" and message.id
    assert message.content[0].type == "output_text"
    usage = response.usage
    assert usage.total_tokens == usage.input_tokens + usage.output_tokens > 0
    assert usage.input_tokens_details.cached_tokens <= usage.input_tokens
    assert usage.output_tokens_details.reasoning_tokens == 0
    return response


def test_a_text(client, server):
    response = check(client.responses.create(model=server.model, input="Say hello.", **SHORT))
    assert response.output_text
    assert response.model == server.model
    assert response.usage.cost_in_usd_ticks > 0


def test_items(client, server):
    check(
        client.responses.create(
            model=server.model,
            input=[
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": [{"type": "input_text", "text": "Hi."}]},
                {"type": "message", "role": "assistant", "content": "Hello!"},
                {"role": "developer", "content": "In English."},
                {"role": "user", "content": "Go on."},
            ],
            **SHORT,
        )
    )


def test_an_answer_may_be_replayed(client, server):
    first = client.responses.create(model=server.model, input="Say hello.", **SHORT)
    again = [{"role": "user", "content": "Say hello."}]
    again += [item.model_dump(exclude_none=True) for item in first.output]
    again += [{"role": "user", "content": "And once more."}]
    check(client.responses.create(model=server.model, input=again, **SHORT))


def test_what_was_asked_is_repeated(client, server):
    response = check(
        client.responses.create(
            model=server.model,
            input="Hi.",
            instructions="Be brief.",
            metadata={"ticket": "4711"},
            temperature=0.5,
            top_p=0.8,
            **SHORT,
        )
    )
    assert response.metadata == {"ticket": "4711"}
    assert response.instructions == "Be brief."
    assert (response.temperature, response.top_p) == (0.5, 0.8)
    assert response.max_output_tokens == 32


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("previous_response_id", "resp_1"),
        ("conversation", "conv_1"),
    ],
)
def test_what_is_not_built_is_refused_by_name(client, server, field, value):
    with pytest.raises(openai.BadRequestError) as e:
        client.responses.create(model=server.model, input="Hi.", **{field: value})
    assert e.value.param == field


def test_the_limit_makes_it_incomplete(client, server):
    response = client.responses.create(
        model=server.model, input="Count from one to five hundred, in words.", max_output_tokens=3
    )
    assert response.status == "incomplete"
    assert response.incomplete_details.reason == "max_output_tokens"
    assert response.usage.output_tokens == 3


def test_the_events_of_a_text_in_their_order(client, server):
    events = list(
        client.responses.create(model=server.model, input="Count to 5.", stream=True, **SHORT)
    )
    types = [e.type for e in events]
    deltas = types.count("response.output_text.delta")
    assert deltas >= 1
    assert types[:4] == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
    ]
    assert types[4 : 4 + deltas] == ["response.output_text.delta"] * deltas
    assert types[4 + deltas : -1] == [
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
    ]
    assert types[-1] in ("response.completed", "response.incomplete")
    assert [e.sequence_number for e in events] == list(range(len(events)))
    final = events[-1].response
    check(final)
    text = "".join(e.delta for e in events if e.type == "response.output_text.delta")
    assert final.output_text == text
    assert events[0].response.id == final.id
    assert events[0].response.status == "in_progress"
    assert events[0].response.output == []


def test_a_stream_folds_to_the_whole(client, server):
    request = dict(model=server.model, input="Count to 5.", temperature=0, max_output_tokens=24)
    whole = client.responses.create(**request)
    *_, last = client.responses.create(**request, stream=True)
    assert last.response.output_text == whole.output_text
    assert last.response.status == whole.status


def test_the_stream_helper(client, server):
    """The SDK waits for response.completed, so this answer must end by itself."""
    with client.responses.stream(
        model=server.model,
        instructions="Answer in one short sentence.",
        input="What is the capital of France?",
        temperature=0,
        max_output_tokens=400,
    ) as stream:
        text = "".join(e.delta for e in stream if e.type == "response.output_text.delta")
        final = stream.get_final_response()
    assert final.output_text == text != ""


def test_every_event_is_one_the_sdk_knows(server, raw):
    """The SDK builds its classes without checks; here each event must pass them."""
    event_type = TypeAdapter(ResponseStreamEvent)
    body = {"model": server.model, "input": "Hi.", "stream": True, **SHORT}
    with raw.post("/v1/responses", body, stream=True) as answer:
        assert answer.headers["content-type"] == "text/event-stream"
        frames = answer.content.decode().split("\n\n")
    frames = [f for f in frames if f and not f.startswith(":")]
    assert frames.pop() == "data: [DONE]"
    for frame in frames:
        name, data = frame.split("\n")
        event = event_type.validate_json(data.removeprefix("data: "))
        assert name == f"event: {event.type}"


@pytest.mark.parametrize(
    ("metadata", "param"),
    [
        ({f"k{i}": "v" for i in range(17)}, "metadata"),
        ({"k" * 65: "v"}, "metadata"),
        ({"k": "v" * 513}, "metadata.k"),
        ({"k": 1}, "metadata.k"),
    ],
    ids=["pairs", "key", "value", "type"],
)
def test_metadata_beyond_its_limits_is_refused(client, server, metadata, param):
    with pytest.raises(openai.BadRequestError) as refused:
        client.responses.create(model=server.model, input="Hi", metadata=metadata, **SHORT)
    assert refused.value.param == param
    with pytest.raises(openai.BadRequestError) as refused:
        client.chat.completions.create(
            model=server.model, messages=[{"role": "user", "content": "Hi"}], metadata=metadata, max_tokens=4
        )
    assert refused.value.param == param
