"""Limits as the SDK meets them: headers on answers, a 429 it waits out, a 429 it does not try again."""

import os
import subprocess
import time

import openai
import pytest
from conftest import user
from scripted import scripted

TALKS = {"answers": [{"prompt_tokens": 10, "steps": [{"text": "a", "times": 50}]}]}
MODEL = "grok-3"


@pytest.fixture(name="limited")
def _limited(tmp_path):
    """A server of its own, and what sets a limit on it."""
    with scripted(tmp_path, TALKS) as (root, key):

        def limit(*arguments):
            subprocess.run(
                [os.environ["JUBAL"], "limit", "set", *arguments, "--team", "default"]
                + ["--data-dir", tmp_path / "data"],
                check=True,
            )
            time.sleep(0.6)  # a running server follows within half a second

        yield root + "/v1", key, limit


def ask(client, max_tokens=10):
    return client.chat.completions.with_raw_response.create(
        model=MODEL, messages=user("Hi."), max_tokens=max_tokens
    )


def test_an_answer_says_how_the_caller_stands(limited):
    url, key, limit = limited
    limit("tokens_per_minute", "1000")
    limit("requests_per_minute", "5", "--scope", "team")
    with openai.OpenAI(base_url=url, api_key=key, max_retries=0) as client:
        headers = ask(client).headers
        assert headers["x-ratelimit-limit-tokens"] == "1000"
        assert headers["x-ratelimit-remaining-tokens"] == "980"
        assert headers["x-ratelimit-limit-requests"] == "5"
        assert headers["x-ratelimit-remaining-requests"] == "4"
        assert headers["x-ratelimit-reset-requests"].endswith("s")


def test_the_sdk_waits_a_refusal_out(limited):
    url, key, limit = limited
    limit("requests_per_second", "1")
    with openai.OpenAI(base_url=url, api_key=key, max_retries=3) as client:
        begin = time.monotonic()
        for _ in range(3):
            assert ask(client).parse().usage.completion_tokens == 10
        assert time.monotonic() - begin >= 2


def test_what_never_passes_is_not_tried_again(limited):
    url, key, limit = limited
    limit("tokens_per_minute", "15")
    with openai.OpenAI(base_url=url, api_key=key, max_retries=3) as client:
        begin = time.monotonic()
        with pytest.raises(openai.RateLimitError) as refused:
            ask(client)
        assert time.monotonic() - begin < 5
        assert refused.value.response.headers["x-should-retry"] == "false"
        assert "passes now" in str(refused.value)
        assert ask(client, max_tokens=5).status_code == 200
