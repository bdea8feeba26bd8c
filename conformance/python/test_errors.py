"""Errors: status, class, body and ids."""

import openai
import pytest
from conftest import is_uuid, user

CHAT = "/v1/chat/completions"


def check_body(answer):
    error = answer.json()["error"]
    assert error.keys() == {"message", "type", "code", "param"}
    assert error["message"] and error["type"] and error["code"]
    assert is_uuid(answer.headers["x-request-id"])
    return error


def test_a_wrong_key(server):
    secret = "xai-notakeyofthisserverxxxxxxxxxxxxxxxxxxxxxxxx"
    client = openai.OpenAI(base_url=server.base_url, api_key=secret, max_retries=0)
    with pytest.raises(openai.AuthenticationError) as e:
        client.models.list()
    assert e.value.status_code == 401
    assert e.value.code == "invalid_api_key"
    assert e.value.type == "invalid_request_error"
    assert secret not in e.value.message
    assert is_uuid(e.value.request_id)


def test_no_key(raw):
    answer = raw.get("/v1/models", key=None)
    assert answer.status_code == 401
    assert check_body(answer)["code"] == "invalid_api_key"


def test_the_other_header_for_a_key(server, raw):
    answer = raw.get("/v1/models", key=None, headers={"x-api-key": server.api_key})
    assert answer.status_code == 200


def test_an_unknown_model(client):
    with pytest.raises(openai.NotFoundError) as e:
        client.chat.completions.create(model="grok-99", messages=user("Hi."))
    assert e.value.code == "model_not_found"
    assert e.value.param == "model"
    assert "grok-99" in e.value.message


@pytest.mark.parametrize(
    ("param", "change"),
    [
        ("model", {"model": None}),
        ("messages", {"messages": None}),
        ("messages", {"messages": []}),
        ("temperature", {"temperature": 3}),
        ("temperature", {"temperature": "hot"}),
        ("top_p", {"top_p": 1.5}),
        ("n", {"n": 0}),
        ("max_tokens", {"max_tokens": 0}),
        ("messages[0].role", {"messages": [{"role": "king", "content": "x"}]}),
    ],
)
def test_a_bad_field_is_named(server, raw, param, change):
    body = {"model": server.model, "messages": user("Hi."), "max_tokens": 2, **change}
    body = {k: v for k, v in body.items() if v is not None}
    answer = raw.post(CHAT, body)
    assert answer.status_code == 400, answer.text
    assert check_body(answer)["param"] == param


def test_a_body_that_is_no_json(raw):
    answer = raw.send(
        "POST", CHAT, data="{no json", headers={"content-type": "application/json"}
    )
    assert answer.status_code == 400
    assert check_body(answer)["code"] == "invalid_json"


@pytest.mark.parametrize(
    ("status", "method", "path", "rest"),
    [
        (404, "GET", "/v1/no-such-thing", {}),
        (405, "GET", CHAT, {}),
        (415, "POST", CHAT, {"data": "{}", "headers": {"content-type": "text/plain"}}),
        (413, "POST", CHAT, {"data": b" " * (33 << 20), "headers": {"content-type": "application/json"}}),
    ],
)
def test_the_statuses_of_the_port(raw, status, method, path, rest):
    answer = raw.send(method, path, **rest)
    assert answer.status_code == status
    check_body(answer)


def test_the_request_id_is_ours_and_the_clients_comes_back(server, raw):
    body = {"model": server.model, "messages": user("Hi."), "max_tokens": 2}
    answer = raw.post(CHAT, body, headers={"X-Request-Id": "order-4711"})
    assert answer.status_code == 200
    assert is_uuid(answer.headers["x-request-id"])
    assert answer.headers["x-client-request-id"] == "order-4711"


def test_the_sdk_finds_the_request_id(client, server):
    answer = client.chat.completions.create(
        model=server.model, messages=user("Hi."), max_tokens=2
    )
    assert is_uuid(answer._request_id)
    other = client.chat.completions.create(model=server.model, messages=user("Hi."), max_tokens=2)
    assert other._request_id != answer._request_id
