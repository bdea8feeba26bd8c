"""The same port speaks HTTP/2, without TLS to clients that begin with it."""

import json

import httpx
from conftest import user


def test_a_stream_over_http2(server):
    body = {"model": server.model, "messages": user("Count to 5."), "max_tokens": 16, "stream": True}
    headers = {"Authorization": f"Bearer {server.api_key}"}
    with (
        httpx.Client(http1=False, http2=True, timeout=120) as client,
        client.stream(
            "POST", server.base_url + "/chat/completions", json=body, headers=headers
        ) as answer,
    ):
        assert answer.http_version == "HTTP/2"
        assert answer.status_code == 200
        data = [line[6:] for line in answer.iter_lines() if line.startswith("data: ")]
    assert data.pop() == "[DONE]"
    assert "".join(json.loads(d)["choices"][0]["delta"].get("content", "") for d in data)
