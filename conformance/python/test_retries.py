"""The SDK's own retries: it must try again where that can help, and only there."""

import openai
import pytest
from conftest import user
from flaky import Flaky

AT_ONCE = {"retry-after-ms": "1"}


def ask(proxy, server, **change):
    client = openai.OpenAI(base_url=proxy.url + "/v1", api_key=server.api_key, max_retries=2)
    request = {"model": server.model, "messages": user("Hi."), "max_tokens": 2, **change}
    return client.chat.completions.create(**request)


@pytest.mark.parametrize(
    "failures",
    [
        [(429, AT_ONCE)],
        [(500, AT_ONCE), (503, AT_ONCE)],
        [(502, AT_ONCE), (429, AT_ONCE)],
        [(498, {**AT_ONCE, "x-should-retry": "true"})],
    ],
    ids=lambda f: "-".join(str(status) for status, _ in f),
)
def test_a_failure_that_may_pass_is_tried_again(server, failures):
    with Flaky(server.root, failures).running() as proxy:
        assert ask(proxy, server).choices
    assert [h["x-stainless-retry-count"] for h in proxy.seen] == [
        str(i) for i in range(len(failures) + 1)
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"model": "no-such-model"}, openai.NotFoundError),
        ({"temperature": 9}, openai.BadRequestError),
    ],
)
def test_a_failure_that_will_not_pass_is_not(server, change, expected):
    with Flaky(server.root, []).running() as proxy, pytest.raises(expected):
        ask(proxy, server, **change)
    assert len(proxy.seen) == 1
