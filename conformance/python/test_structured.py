"""Answers that satisfy a schema: the SDK's own helpers, pydantic models and plain schemas."""

import enum
import json

import openai
import pydantic
import pytest
from conftest import user

LIMIT = 300


class Mood(enum.StrEnum):
    GOOD = "good"
    BAD = "bad"


class Address(pydantic.BaseModel):
    street: str = pydantic.Field(max_length=20)
    number: int


class Person(pydantic.BaseModel):
    name: str = pydantic.Field(max_length=20)
    age: int
    mood: Mood
    address: Address
    nickname: str | None


ASK = user("Invent a person.")


def test_parse(client, server):
    completion = client.chat.completions.parse(
        model=server.model, messages=ASK, response_format=Person, max_tokens=LIMIT
    )
    assert isinstance(completion.choices[0].message.parsed, Person)


def test_the_stream_helper(client, server):
    with client.chat.completions.stream(
        model=server.model, messages=ASK, response_format=Person, max_tokens=LIMIT
    ) as stream:
        done = [e for e in stream if e.type == "content.done"]
        final = stream.get_final_completion()
    assert isinstance(final.choices[0].message.parsed, Person)
    assert [e.content for e in done] == [final.choices[0].message.content]


def test_responses_parse(client, server):
    response = client.responses.parse(
        model=server.model, input="Invent a person.", text_format=Person, max_output_tokens=LIMIT
    )
    assert isinstance(response.output_parsed, Person)
    assert response.text.format.type == "json_schema" and response.text.format.name == "Person"


def test_the_responses_stream_helper(client, server):
    with client.responses.stream(
        model=server.model, input="Invent a person.", text_format=Person, max_output_tokens=LIMIT
    ) as stream:
        for _ in stream:
            pass
        assert isinstance(stream.get_final_response().output_parsed, Person)


def test_an_object(client, server):
    completion = client.chat.completions.create(
        model=server.model,
        messages=user("Reply with a JSON object of two fields."),
        response_format={"type": "json_object"},
        max_tokens=LIMIT,
    )
    assert isinstance(json.loads(completion.choices[0].message.content), dict)


SCHEMA = {
    "type": "object",
    "properties": {
        "color": {"type": "string", "enum": ["red", "green"]},
        "n": {"type": "integer", "minimum": 1, "maximum": 9},
        "tags": {"type": "array", "items": {"const": "x"}, "minItems": 1, "maxItems": 2},
    },
    "required": ["color", "n", "tags"],
    "additionalProperties": False,
}


def check(text):
    read = json.loads(text)
    assert list(read) == ["color", "n", "tags"]
    assert read["color"] in ("red", "green") and 1 <= read["n"] <= 9
    assert read["tags"] in (["x"], ["x", "x"])


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_a_plain_schema(client, server, stream):
    answer = client.chat.completions.create(
        model=server.model,
        messages=ASK,
        response_format={"type": "json_schema", "json_schema": {"name": "x", "schema": SCHEMA}},
        max_tokens=100,
        n=2,
        stream=stream,
    )
    if stream:
        texts = ["", ""]
        for chunk in answer:
            for choice in chunk.choices:
                texts[choice.index] += choice.delta.content or ""
    else:
        texts = [c.message.content for c in answer.choices]
    for text in texts:
        check(text)


def bad(schema):
    return {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}


@pytest.mark.parametrize(
    ("value", "param"),
    [
        ({"type": "xml"}, "response_format.type"),
        ({"type": "json_schema"}, "response_format.json_schema"),
        ({"type": "json_schema", "json_schema": {"name": "x"}}, "response_format.json_schema.schema"),
        (bad({"type": "no-such-type"}), "response_format.json_schema.schema"),
        (bad({"type": "object", "properties": {"a": {"$ref": "#/nothing"}}}), "response_format.json_schema.schema"),
    ],
)
def test_what_is_no_schema_is_refused_by_name(client, server, value, param):
    with pytest.raises(openai.BadRequestError) as e:
        client.chat.completions.create(
            model=server.model, messages=ASK, max_tokens=8, response_format=value
        )
    assert e.value.param == param


def test_a_cut_is_told(client, server):
    completion = client.chat.completions.create(
        model=server.model,
        messages=ASK,
        response_format={"type": "json_schema", "json_schema": {"name": "x", "schema": SCHEMA}},
        max_tokens=1,
    )
    assert completion.choices[0].finish_reason == "length"
