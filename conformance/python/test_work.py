"""Work that outlives its client, by the official SDK and plain HTTP."""

import time

import openai
import pytest
import requests

SHORT = {"max_output_tokens": 16}


def ended(client, response):
    deadline = time.monotonic() + 120
    while response.status in {"queued", "in_progress"}:
        assert time.monotonic() < deadline, response.status
        time.sleep(0.1)
        response = client.responses.retrieve(response.id)
    return response


def post(server, path, body, **headers):
    return requests.post(
        f"{server.base_url}{path}",
        json=body,
        headers={"Authorization": f"Bearer {server.api_key}", **headers},
        timeout=120,
    )


def chat(server, **more):
    return {
        "model": server.model,
        "messages": [{"role": "user", "content": "Count from 1 to 9."}],
        "max_tokens": 24,
        **more,
    }


def test_a_background_response_is_polled(client, server):
    queued = client.responses.create(model=server.model, input="Hi.", background=True, **SHORT)
    assert queued.background is True
    assert queued.status in {"queued", "in_progress", "completed", "incomplete"}
    done = ended(client, queued)
    assert done.id == queued.id
    assert done.status in {"completed", "incomplete"}
    assert done.output_text
    assert done.usage.output_tokens > 0


def test_a_background_response_is_followed_from_any_event(client, server):
    stream = client.responses.create(
        model=server.model, input="Hi.", background=True, stream=True, **SHORT
    )
    events = list(stream)
    assert events[0].type == "response.created"
    response = events[0].response
    rest = list(client.responses.retrieve(response.id, stream=True, starting_after=2))
    assert [e.sequence_number for e in rest] == [e.sequence_number for e in events[3:]]
    assert rest[-1].type in {"response.completed", "response.incomplete"}


def test_a_background_response_is_cancelled(client, server):
    queued = client.responses.create(
        model=server.model, input="Write a long story.", background=True, max_output_tokens=2000
    )
    cancelled = client.responses.cancel(queued.id)
    assert cancelled.status in {"cancelled", "completed", "incomplete"}
    assert client.responses.retrieve(queued.id).status == cancelled.status


def test_only_background_responses_are_cancelled(client, server):
    response = client.responses.create(model=server.model, input="Hi.", **SHORT)
    with pytest.raises(openai.BadRequestError):
        client.responses.cancel(response.id)


def test_a_deferred_completion_is_collected(server):
    accepted = post(server, "/chat/completions", chat(server, deferred=True))
    assert accepted.status_code == 200, accepted.text
    path = f"/chat/deferred-completion/{accepted.json()['request_id']}"
    headers = {"Authorization": f"Bearer {server.api_key}"}
    answer = requests.get(server.base_url + path, headers=headers, timeout=30)
    deadline = time.monotonic() + 120
    while answer.status_code == 202:
        assert not answer.content
        assert time.monotonic() < deadline
        time.sleep(0.1)
        answer = requests.get(server.base_url + path, headers=headers, timeout=30)
    assert answer.status_code == 200, answer.text
    assert answer.json()["choices"][0]["message"]["content"]


def test_a_lost_stream_is_gone_on_with(server):
    body = chat(server, stream=True)
    whole = post(server, "/chat/completions", body, **{"Idempotency-Key": f"k{time.time_ns()}"})
    frames = [f for f in whole.text.split("\n\n") if f and not f.startswith(":")]
    last = frames[2].splitlines()[0].removeprefix("id: ")
    rest = post(server, "/chat/completions", body, **{"Last-Event-ID": last})
    assert [f for f in rest.text.split("\n\n") if f and not f.startswith(":")] == frames[3:]


def test_an_idempotency_key_stands_for_one_body(client, server):
    key = {"Idempotency-Key": f"k{time.time_ns()}"}
    first = post(server, "/chat/completions", chat(server), **key)
    again = post(server, "/chat/completions", chat(server), **key)
    other = post(server, "/chat/completions", chat(server, max_tokens=25), **key)
    assert first.status_code == 200, first.text
    assert again.json() == first.json()
    assert other.status_code == 409, other.text
