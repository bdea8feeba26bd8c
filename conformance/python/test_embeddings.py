"""Embeddings."""

import base64
import math
import struct

import openai
import pytest

WIDTH = 384


def length(vector):
    return math.sqrt(sum(x * x for x in vector))


def cosine(a, b):
    return sum(x * y for x, y in zip(a, b)) / length(a) / length(b)


def test_one_text_as_the_sdk_asks_for_it(client, server):
    """The SDK asks for base64 and hands out floats."""
    answer = client.embeddings.create(model=server.embedding_model, input="hello")
    assert answer.object == "list"
    assert [d.index for d in answer.data] == [0]
    vector = answer.data[0].embedding
    assert len(vector) == WIDTH
    assert length(vector) == pytest.approx(1, abs=1e-3)
    assert answer.usage.prompt_tokens == answer.usage.total_tokens > 0


def test_base64_and_float_are_the_same_numbers(client, server, raw):
    bodies = [
        {"model": server.embedding_model, "input": "hello", "encoding_format": f}
        for f in ("float", "base64")
    ]
    floats, packed = (
        raw.post("/v1/embeddings", b).json()["data"][0]["embedding"] for b in bodies
    )
    unpacked = struct.unpack(f"<{WIDTH}f", base64.b64decode(packed, validate=True))
    assert floats == pytest.approx(unpacked, abs=1e-6)


def test_order_and_meaning(client, server):
    texts = ["A cat sleeps.", "A kitten is asleep.", "The stock market fell.", "A cat sleeps."]
    answer = client.embeddings.create(model=server.embedding_model, input=texts)
    assert [d.index for d in answer.data] == [0, 1, 2, 3]
    cat, kitten, market, again = (d.embedding for d in answer.data)
    assert cosine(cat, again) > 0.999
    assert cosine(cat, kitten) > cosine(cat, market)


def test_fewer_dimensions_are_normalised_again(client, server):
    answer = client.embeddings.create(
        model=server.embedding_model, input="hello", dimensions=64
    )
    assert len(answer.data[0].embedding) == 64
    assert length(answer.data[0].embedding) == pytest.approx(1, abs=1e-3)


def test_more_dimensions_are_refused(client, server):
    with pytest.raises(openai.BadRequestError) as e:
        client.embeddings.create(model=server.embedding_model, input="hello", dimensions=1000)
    assert e.value.param == "dimensions"
    assert "1000" in e.value.message and str(WIDTH) in e.value.message


def test_a_text_over_the_window_is_refused_not_cut(client, server):
    with pytest.raises(openai.BadRequestError) as e:
        client.embeddings.create(model=server.embedding_model, input="word " * 1000)
    assert "512" in e.value.message


def test_a_batch_of_128(client, server):
    texts = [f"Text number {i}." for i in range(128)]
    answer = client.embeddings.create(model=server.embedding_model, input=texts)
    assert [d.index for d in answer.data] == list(range(128))
    with pytest.raises(openai.BadRequestError):
        client.embeddings.create(model=server.embedding_model, input=[*texts, "one more"])


def test_both_names_point_to_the_same_weights(client):
    a, b = (
        client.embeddings.create(model=m, input="hello").data[0].embedding
        for m in ("v1", "grok-embed")
    )
    assert cosine(a, b) > 0.999


def test_a_language_model_does_not_embed(client, server):
    with pytest.raises(openai.NotFoundError):
        client.embeddings.create(model=server.model, input="hello")
