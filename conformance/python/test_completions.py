"""Legacy text completions."""


def test_a_prompt_is_continued(client, server):
    answer = client.completions.create(model=server.model, prompt="Once upon a", max_tokens=8)
    assert answer.object == "text_completion"
    assert answer.model == server.model
    assert answer.choices[0].text
    assert answer.choices[0].finish_reason in ("stop", "length")
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens


def test_a_stream_folds_to_the_whole(client, server):
    request = dict(model=server.model, prompt="One, two,", max_tokens=12, temperature=0, seed=3)
    whole = client.completions.create(**request)
    chunks = list(client.completions.create(**request, stream=True))
    assert all(c.object == "text_completion" for c in chunks)
    assert "".join(c.choices[0].text for c in chunks if c.choices) == whole.choices[0].text
    reasons = [c.choices[0].finish_reason for c in chunks if c.choices]
    assert [r for r in reasons if r] == [whole.choices[0].finish_reason]
