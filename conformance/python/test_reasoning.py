"""What a reasoning name thinks before it answers, in chat and in responses."""

import openai
import pytest
from conftest import user

EFFORTS = "grok-3-mini"
QUESTION = "What is 2 + 2?"


def test_a_thought_in_chat(client, server):
    answer = client.chat.completions.create(
        model=server.reasoning_model, messages=user(QUESTION), max_tokens=16
    )
    message = answer.choices[0].message
    assert message.reasoning_content
    assert message.content is not None
    usage = answer.usage
    thought = usage.completion_tokens_details.reasoning_tokens
    assert thought > 0
    assert usage.completion_tokens <= 16
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens + thought


def test_a_streamed_thought_comes_before_the_text(client, server):
    order = []
    stream = client.chat.completions.create(
        model=server.reasoning_model, messages=user(QUESTION), max_tokens=16, stream=True
    )
    for chunk in stream:
        for choice in chunk.choices:
            if getattr(choice.delta, "reasoning_content", None):
                order.append("thought")
            if choice.delta.content:
                order.append("text")
    assert order[0] == "thought"
    assert order == sorted(order, reverse=True)


def test_the_effort_of_the_name(client):
    def thought(effort):
        answer = client.chat.completions.create(
            model=EFFORTS,
            messages=user(QUESTION),
            max_tokens=8,
            reasoning_effort=effort,
        )
        return answer.usage.completion_tokens_details.reasoning_tokens

    assert 0 < thought("low") <= 64
    with pytest.raises(openai.BadRequestError) as e:
        thought("medium")
    assert e.value.param == "reasoning_effort"
    assert "low, high" in e.value.message


def test_no_effort_is_no_thought(client):
    answer = client.chat.completions.create(
        model="grok-4.3",
        messages=user(QUESTION),
        max_tokens=8,
        extra_body={"reasoning_effort": "none"},
    )
    assert answer.usage.completion_tokens_details.reasoning_tokens == 0
    assert getattr(answer.choices[0].message, "reasoning_content", None) is None


def test_an_effort_that_responses_refuse_is_named(client, server):
    with pytest.raises(openai.BadRequestError) as e:
        client.responses.create(
            model=server.reasoning_model, input=QUESTION, reasoning={"effort": "low"}, store=False
        )
    assert e.value.param == "reasoning.effort"


def test_a_reasoning_item(client, server):
    response = client.responses.create(
        model=server.reasoning_model, input=QUESTION, max_output_tokens=16, store=False
    )
    thought, message = response.output
    assert thought.type == "reasoning" and thought.id.startswith("rs_")
    assert thought.summary[0].type == "summary_text" and thought.summary[0].text
    assert thought.encrypted_content is None
    assert message.type == "message"
    details = response.usage.output_tokens_details
    assert 0 < details.reasoning_tokens < response.usage.output_tokens
    total = response.usage.input_tokens + response.usage.output_tokens
    assert response.usage.total_tokens == total


def test_the_helper_puts_a_streamed_thought_together(client, server):
    names = []
    with client.responses.stream(
        model=server.reasoning_model, input=QUESTION, max_output_tokens=16, store=False
    ) as stream:
        for event in stream:
            names.append(event.type)
    response = event.response
    assert response.status == names[-1].removeprefix("response.")
    assert "response.reasoning_summary_text.delta" in names
    assert names.index("response.reasoning_summary_part.done") < names.index(
        "response.output_text.delta"
    )
    assert response.output[0].summary[0].text


def test_encrypted_content_is_sent_back(client, server):
    first = client.responses.create(
        model=server.reasoning_model,
        input=QUESTION,
        max_output_tokens=16,
        store=False,
        include=["reasoning.encrypted_content"],
    )
    sealed = first.output[0].encrypted_content
    assert sealed and first.output[0].summary[0].text not in sealed
    history = [{"role": "user", "content": QUESTION}]
    history += [item.model_dump(exclude_none=True) for item in first.output]
    history += [{"role": "user", "content": "Again."}]
    again = {"model": server.model, "max_output_tokens": 8, "store": False}
    assert client.responses.create(input=history, **again).status in ("completed", "incomplete")
    history[1]["encrypted_content"] = sealed[:-8] + "AAAAAAA="
    with pytest.raises(openai.BadRequestError) as e:
        client.responses.create(input=history, **again)
    assert e.value.param == "input[1].encrypted_content"


def test_the_model_list_says_how_it_thinks(client, server):
    assert client.models.retrieve(server.reasoning_model).reasoning in ("two_pass", "native")
    assert getattr(client.models.retrieve(server.model), "reasoning", None) is None
