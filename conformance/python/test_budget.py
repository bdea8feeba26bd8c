"""A budget that is used up: the SDK is told so, and does not try again."""

import openai
import pytest
from conftest import user
from flaky import Flaky
from scripted import await_refusal, jubal, scripted

SCRIPT = {"answers": [{"steps": [{"text": "Hello"}]}]}


def ask(root, key, most=8, **change):
    client = openai.OpenAI(base_url=root + "/v1", api_key=key, max_retries=5)
    return client.chat.completions.create(
        model="grok-4", messages=user("Hi."), max_tokens=most, **change
    )


def test_a_used_up_budget_is_not_tried_again(tmp_path):
    with scripted(tmp_path, SCRIPT) as (root, key):
        assert ask(root, key).choices
        jubal(tmp_path, "budget", "set", "default", "0.0005", "--window", "daily")
        await_refusal(root, key, most=1000)
        with pytest.raises(openai.RateLimitError) as refused:
            ask(root, key, most=1000)
        error = refused.value
        assert error.code == "insufficient_quota"
        assert error.type == "insufficient_quota"
        assert "budget_daily of team" in error.message
        with Flaky(root, []).running() as proxy:
            for stream in (False, True):
                with pytest.raises(openai.RateLimitError):
                    ask(proxy.url, key, most=1000, stream=stream)
        assert len(proxy.seen) == 2
        assert ask(root, key).choices, "what still fits passes"
        assert "daily" in jubal(tmp_path, "budget", "list")
        jubal(tmp_path, "ledger", "verify")
