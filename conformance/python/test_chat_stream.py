"""Chat completions, streamed."""

import concurrent.futures
import json
import time

import openai
import pytest
from conftest import user

COUNT = user("Count from 1 to 10.")


def fold(chunks):
    """Text by choice, finish reason by choice; checks what holds in every stream."""
    texts, reasons = {}, {}
    ids, models = set(), set()
    for chunk in chunks:
        assert chunk.object == "chat.completion.chunk"
        ids.add(chunk.id)
        models.add(chunk.model)
        for choice in chunk.choices:
            assert choice.index not in reasons, "nothing follows a finish reason"
            if choice.index not in texts:
                assert choice.delta.role == "assistant"
            texts[choice.index] = texts.get(choice.index, "") + (choice.delta.content or "")
            if choice.finish_reason is not None:
                reasons[choice.index] = choice.finish_reason
    assert len(ids) == 1 and len(models) == 1
    assert reasons.keys() == texts.keys()
    return texts, reasons


def test_chunks_fold_to_the_whole_answer(client, server):
    request = dict(model=server.model, messages=COUNT, max_tokens=24, temperature=0, seed=1)
    whole = client.chat.completions.create(**request)
    texts, reasons = fold(client.chat.completions.create(**request, stream=True))
    assert texts == {0: whole.choices[0].message.content}
    assert reasons == {0: whole.choices[0].finish_reason}


def test_usage_stands_in_a_chunk_of_its_own_when_asked(client, server):
    chunks = list(
        client.chat.completions.create(
            model=server.model,
            messages=COUNT,
            max_tokens=8,
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    fold(chunks)
    last = chunks[-1]
    assert last.choices == []
    assert last.usage.total_tokens == last.usage.prompt_tokens + last.usage.completion_tokens > 0
    assert last.usage.cost_in_usd_ticks > 0


def test_two_choices_are_told_apart(client, server):
    texts, _ = fold(
        client.chat.completions.create(
            model=server.model, messages=COUNT, max_tokens=8, n=2, stream=True
        )
    )
    assert texts.keys() == {0, 1}


def test_the_framing(server, raw):
    body = {"model": server.model, "messages": COUNT, "max_tokens": 4, "stream": True}
    with raw.post("/v1/chat/completions", body, stream=True) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/event-stream"
        assert answer.headers["x-request-id"]
        frames = answer.content.decode().split("\n\n")
    assert frames.pop() == ""
    data = [f for f in frames if not f.startswith(":")]
    assert all(f.startswith("data: ") and "\n" not in f for f in data)
    assert data[-1] == "data: [DONE]"
    chunks = [json.loads(f[6:]) for f in data[:-1]]
    reasons = [c["choices"][0]["finish_reason"] for c in chunks if c["choices"]]
    assert reasons[-1] in ("stop", "length")
    assert all(r is None for r in reasons[:-1])


def test_the_stream_helper(client, server):
    """The SDK takes an answer that ends by length for an error, so this one ends by itself."""
    with client.chat.completions.stream(
        model=server.model, messages=user("Say hello."), max_tokens=200, stop=["o"], temperature=0
    ) as stream:
        text = "".join(e.delta for e in stream if e.type == "content.delta")
        final = stream.get_final_completion()
    assert final.choices[0].message.content == text != ""


def test_an_error_before_the_first_event_has_its_status(client):
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.create(model="no-such-model", messages=COUNT, stream=True)


def test_a_client_that_leaves_frees_its_place(client, server):
    """More streams than the engine has slots are left early; the next answer must not wait for
    what they would have gone on to say."""
    for _ in range(24):
        with client.chat.completions.create(
            model=server.model,
            messages=user("Write a very long story about the sea."),
            max_tokens=4000,
            stream=True,
        ) as stream:
            next(iter(stream))
    start = time.monotonic()
    client.chat.completions.create(model=server.model, messages=COUNT, max_tokens=2)
    assert time.monotonic() - start < 30


def test_parallel_streams_do_not_mix(client, server):
    def run(i):
        return fold(
            client.chat.completions.create(
                model=server.model,
                messages=user(f"Say the number {i}."),
                max_tokens=12,
                temperature=0,
                stream=True,
            )
        )

    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(run, range(12)))
    assert all(texts[0] for texts, _ in answers)


def test_the_async_client(server):
    import asyncio

    async def one(client, i):
        stream = await client.chat.completions.create(
            model=server.model, messages=user(f"Say {i}."), max_tokens=8, stream=True
        )
        return [chunk.id async for chunk in stream]

    async def run():
        async with openai.AsyncOpenAI(
            base_url=server.base_url, api_key=server.api_key, max_retries=0
        ) as client:
            return await asyncio.gather(*(one(client, i) for i in range(6)))

    ids = [set(s) for s in asyncio.run(run())]
    assert all(len(s) == 1 for s in ids)
    assert len(set.union(*ids)) == 6
