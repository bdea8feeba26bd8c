"""Chat completions, whole answers."""

import time

import openai
import pytest
from conftest import is_uuid, user

HELLO = user("Say hello in five words.")


def check(answer, choices=1, thinks=False):
    assert answer.object == "chat.completion"
    assert answer.id.startswith("chatcmpl-") and is_uuid(answer.id.removeprefix("chatcmpl-"))
    assert abs(answer.created - time.time()) < 300
    assert [c.index for c in answer.choices] == list(range(choices))
    for choice in answer.choices:
        assert choice.message.role == "assistant"
        assert isinstance(choice.message.content, str)
        assert choice.finish_reason in ("stop", "length")
    usage = answer.usage
    assert usage.prompt_tokens > 0
    thought = usage.completion_tokens_details.reasoning_tokens
    assert (thought > 0) == thinks
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens + thought
    assert 0 <= usage.prompt_tokens_details.cached_tokens <= usage.prompt_tokens
    return answer


def test_answers_with_the_catalogue_name(client, server):
    answer = check(
        client.chat.completions.create(model=server.model, messages=HELLO, max_tokens=16)
    )
    assert answer.model == server.model
    assert answer.choices[0].message.content
    assert 1 <= answer.usage.completion_tokens <= 16


def test_an_alias_answers_under_its_resolved_name(client):
    answer = client.chat.completions.create(model="grok-4-latest", messages=HELLO, max_tokens=4)
    assert answer.model == "grok-4"


def test_says_which_weights_answered(client, server):
    answer = client.chat.completions.with_raw_response.create(
        model=server.model, messages=HELLO, max_tokens=4
    )
    assert answer.headers["x-jubal-backend"]
    assert answer.headers["x-jubal-backend"] != server.model


def test_costs_what_the_model_list_says(client, server, raw):
    answer = client.chat.completions.create(model=server.model, messages=HELLO, max_tokens=8)
    row = raw.get(f"/v1/language-models/{server.model}").json()
    usage = answer.usage
    cached = usage.prompt_tokens_details.cached_tokens
    expected = (
        (usage.prompt_tokens - cached) * row["prompt_text_token_price"]
        + cached * row["cached_prompt_text_token_price"]
        + usage.completion_tokens * row["completion_text_token_price"]
    )
    assert usage.cost_in_usd_ticks == expected > 0


def test_every_role_in_any_order(client, server):
    messages = [
        {"role": "assistant", "content": "Welcome back."},
        {"role": "user", "content": "Hi."},
        {"role": "system", "content": "Be brief."},
        {"role": "developer", "content": "Answer in English."},
        {"role": "user", "content": [{"type": "text", "text": "Say "}, {"type": "text", "text": "yes."}]},
    ]
    check(client.chat.completions.create(model=server.model, messages=messages, max_tokens=8))


def test_two_choices(client, server):
    answer = check(
        client.chat.completions.create(model=server.model, messages=HELLO, n=2, max_tokens=8), 2
    )
    assert answer.usage.completion_tokens <= 16


@pytest.mark.parametrize("field", ["max_tokens", "max_completion_tokens"])
def test_the_token_limit_ends_the_answer(client, server, field):
    answer = client.chat.completions.create(
        model=server.model,
        messages=user("Count from one to one hundred, in words."),
        **{field: 3},
    )
    assert answer.choices[0].finish_reason == "length"
    assert answer.usage.completion_tokens == 3


def test_a_stop_text_is_not_part_of_the_answer(client, server):
    free = client.chat.completions.create(
        model=server.model, messages=HELLO, max_tokens=24, temperature=0, seed=7
    )
    text = free.choices[0].message.content
    assert len(text) > 4, text
    stop = text[2:5]
    cut = client.chat.completions.create(
        model=server.model, messages=HELLO, max_tokens=24, temperature=0, seed=7, stop=[stop]
    )
    assert cut.choices[0].finish_reason == "stop"
    assert stop not in cut.choices[0].message.content
    assert cut.choices[0].message.content == text[: text.index(stop)]


def test_the_same_seed_gives_the_same_answer(client, server):
    texts = {
        client.chat.completions.create(
            model=server.model, messages=HELLO, max_tokens=16, temperature=0, seed=42
        )
        .choices[0]
        .message.content
        for _ in range(3)
    }
    assert len(texts) == 1


def test_logprobs(client, server):
    answer = client.chat.completions.create(
        model=server.model, messages=HELLO, max_tokens=4, logprobs=True, top_logprobs=3, temperature=0
    )
    tokens = answer.choices[0].logprobs.content
    assert len(tokens) == answer.usage.completion_tokens or answer.choices[0].finish_reason == "stop"
    for token in tokens:
        assert token.logprob <= 0
        assert bytes(token.bytes).decode(errors="replace") == token.token
        assert len(token.top_logprobs) == 3
        best = [t.logprob for t in token.top_logprobs]
        assert best == sorted(best, reverse=True)


def test_neutral_values_are_no_values(client, server):
    check(
        client.chat.completions.create(
            model=server.reasoning_model,
            messages=HELLO,
            max_tokens=4,
            stop=[],
            tools=[],
            presence_penalty=0,
            frequency_penalty=0,
            logit_bias=None,
        ),
        thinks=True,
    )


def test_a_field_without_effect_is_named(client, server):
    answer = client.chat.completions.with_raw_response.create(
        model=server.model,
        messages=HELLO,
        max_tokens=4,
        service_tier="priority",
        extra_body={"no_such_field": 1},
    )
    ignored = answer.headers["x-jubal-ignored"].split(", ")
    assert "service_tier" in ignored
    assert "no_such_field" in ignored


@pytest.mark.parametrize(
    ("field", "value"),
    [("stop", ["x"]), ("presence_penalty", 0.5), ("frequency_penalty", 0.5)],
)
def test_reasoning_names_refuse_what_their_model_refuses(client, server, field, value):
    with pytest.raises(openai.BadRequestError) as e:
        client.chat.completions.create(
            model=server.reasoning_model, messages=HELLO, max_tokens=4, **{field: value}
        )
    assert e.value.param == field


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("functions", {"functions": [{"name": "f", "parameters": {}}]}),
        ("store", {"store": True}),
        ("search_parameters", {"search_parameters": {"mode": "on"}}),
    ],
)
def test_what_is_not_built_is_refused_by_name(client, server, field, body):
    with pytest.raises(openai.BadRequestError) as e:
        client.chat.completions.create(
            model=server.model, messages=HELLO, max_tokens=4, extra_body=body
        )
    assert e.value.param == field
    assert field in e.value.message


def test_a_prompt_over_the_context_is_refused_with_both_counts(client, server, raw):
    context = raw.get(f"/v1/language-models/{server.model}").json()["context_length"]
    with pytest.raises(openai.BadRequestError) as e:
        client.chat.completions.create(
            model=server.model, messages=user("word " * (context + 100)), max_tokens=4
        )
    assert e.value.code == "context_length_exceeded"
    assert str(context) in e.value.message


def test_text_outside_of_ascii_arrives_whole(client, server):
    answer = client.chat.completions.create(
        model=server.model,
        messages=user("Repeat: Grüße, 世界, 🚀, привет"),
        max_tokens=48,
        temperature=0,
    )
    assert "\ufffd" not in answer.choices[0].message.content
