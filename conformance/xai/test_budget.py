"""Money that is used up, as xai-sdk sees it: RESOURCE_EXHAUSTED at once, and nothing is tried again."""

import sys
from pathlib import Path

import grpc
import pytest
from xai_sdk import Client
from xai_sdk.chat import user

sys.path.insert(0, str(Path(__file__).parent.parent / "python"))
from scripted import await_refusal, jubal, scripted  # noqa: E402

SCRIPT = {"answers": [{"steps": [{"text": "Hello"}]}]}


def ask(client, most):
    chat = client.chat.create(model="grok-4", max_tokens=most)
    chat.append(user("Hi."))
    return chat


def exhausted(call):
    with pytest.raises(grpc.RpcError) as refused:
        call()
    error = refused.value
    assert error.code() == grpc.StatusCode.RESOURCE_EXHAUSTED, error
    assert "budget_daily of team" in error.details()
    trailers = dict(error.trailing_metadata())
    assert trailers["x-should-retry"] == "false"
    assert trailers["grpc-retry-pushback-ms"] == "-1"
    assert b"google.rpc.RetryInfo" not in trailers["grpc-status-details-bin"]
    assert b"INSUFFICIENT_QUOTA" in trailers["grpc-status-details-bin"]


def test_used_up_money_is_resource_exhausted(tmp_path):
    with scripted(tmp_path, SCRIPT) as (root, key), Client(
        api_key=key, api_host=f"localhost:{root.rsplit(':', 1)[1]}"
    ) as client:
        assert ask(client, 8).sample().content == "Hello"
        jubal(tmp_path, "budget", "set", "default", "0.0005", "--window", "daily")
        await_refusal(root, key, most=1000)
        exhausted(lambda: ask(client, 1000).sample())
        exhausted(lambda: list(ask(client, 1000).stream()))
        exhausted(lambda: ask(client, 1000).defer())
        assert ask(client, 8).sample().content == "Hello", "what still fits passes"
