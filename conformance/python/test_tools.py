"""Function calling, whatever the model likes to say: the shapes, and that arguments keep their
schema. What accumulators make of calls stands in test_split_streams.py."""

import json

import openai
import pytest
from conftest import user

CITY = {
    "type": "object",
    "properties": {
        "city": {"type": "string", "enum": ["Paris", "Oslo"]},
        "unit": {"type": "string", "enum": ["C", "F"]},
    },
    "required": ["city", "unit"],
    "additionalProperties": False,
}
NUMBER = {
    "type": "object",
    "properties": {"n": {"type": "integer", "minimum": 0, "maximum": 99}},
    "required": ["n"],
}


def tool(name, parameters, description):
    function = {"name": name, "description": description, "parameters": parameters}
    return {"type": "function", "function": function}


def flat(tool):
    return {"type": "function", **tool["function"]}


WEATHER = tool("get_weather", CITY, "The weather of a city.")
COUNT = tool("count_to", NUMBER, "Counts aloud to a number.")
ASK = user("What is the weather in Paris, in degrees Celsius?")


def check_weather(arguments):
    read = json.loads(arguments)
    assert set(read) == {"city", "unit"}
    assert read["city"] in ("Paris", "Oslo") and read["unit"] in ("C", "F")


def check_calls(choice):
    assert choice.finish_reason == "tool_calls"
    assert choice.message.role == "assistant" and choice.message.tool_calls
    for call in choice.message.tool_calls:
        assert call.type == "function" and call.id.startswith("call_")
        if call.function.name == "get_weather":
            check_weather(call.function.arguments)
        else:
            assert call.function.name == "count_to"
            assert 0 <= json.loads(call.function.arguments)["n"] <= 99
    assert len({c.id for c in choice.message.tool_calls}) == len(choice.message.tool_calls)


def test_required(client, server):
    completion = client.chat.completions.create(
        model=server.model, messages=ASK, tools=[WEATHER, COUNT], tool_choice="required", max_tokens=128
    )
    check_calls(completion.choices[0])
    assert completion.usage.completion_tokens > 0


@pytest.mark.parametrize("name", ["get_weather", "count_to"])
def test_named(client, server, name):
    completion = client.chat.completions.create(
        model=server.model,
        messages=ASK,
        tools=[WEATHER, COUNT],
        tool_choice={"type": "function", "function": {"name": name}},
        max_tokens=128,
    )
    check_calls(completion.choices[0])
    assert {c.function.name for c in completion.choices[0].message.tool_calls} == {name}


def test_none(client, server):
    completion = client.chat.completions.create(
        model=server.model, messages=ASK, tools=[WEATHER], tool_choice="none", max_tokens=16
    )
    assert not completion.choices[0].message.tool_calls
    assert completion.choices[0].finish_reason in ("stop", "length")


def test_auto(client, server):
    completion = client.chat.completions.create(
        model=server.model, messages=ASK, tools=[WEATHER, COUNT], max_tokens=128
    )
    choice = completion.choices[0]
    if choice.message.tool_calls:
        check_calls(choice)
    else:
        assert choice.message.content


def test_one_at_a_time(client, server):
    completion = client.chat.completions.create(
        model=server.model,
        messages=user("The weather in Paris and in Oslo, please."),
        tools=[WEATHER],
        tool_choice="required",
        parallel_tool_calls=False,
        max_tokens=128,
    )
    check_calls(completion.choices[0])
    assert len(completion.choices[0].message.tool_calls) == 1


def test_several_choices(client, server):
    completion = client.chat.completions.create(
        model=server.model, messages=ASK, tools=[WEATHER], tool_choice="required", n=2, max_tokens=128
    )
    assert [c.index for c in completion.choices] == [0, 1]
    for choice in completion.choices:
        check_calls(choice)


def test_a_call_comes_whole_in_one_chunk(client, server):
    chunks = list(
        client.chat.completions.create(
            model=server.model,
            messages=ASK,
            tools=[WEATHER],
            tool_choice="required",
            max_tokens=128,
            stream=True,
        )
    )
    choices = [c for chunk in chunks for c in chunk.choices]
    calls = [t for c in choices for t in c.delta.tool_calls or []]
    assert [c.index for c in calls] == list(range(len(calls))) and calls
    for call in calls:
        assert call.id and call.type == "function" and call.function.name == "get_weather"
        check_weather(call.function.arguments)
    assert choices[0].delta.role == "assistant"
    assert [c.finish_reason for c in choices if c.finish_reason] == ["tool_calls"]


def test_the_stream_helper(client, server):
    with client.chat.completions.stream(
        model=server.model, messages=ASK, tools=[WEATHER], tool_choice="required", max_tokens=128
    ) as stream:
        done = [e for e in stream if e.type == "tool_calls.function.arguments.done"]
        final = stream.get_final_completion()
    check_calls(final.choices[0])
    assert [e.arguments for e in done] == [
        c.function.arguments for c in final.choices[0].message.tool_calls
    ]


@pytest.mark.parametrize(
    "result",
    ['{"degrees": 21}', "", [{"type": "text", "text": "21 "}, {"type": "text", "text": "degrees"}]],
    ids=["json", "empty", "parts"],
)
def test_a_result_goes_back(client, server, result):
    messages = list(ASK)
    request = dict(model=server.model, tools=[WEATHER], max_tokens=128)
    first = client.chat.completions.create(messages=messages, tool_choice="required", **request)
    message = first.choices[0].message
    messages.append(message.model_dump(exclude_none=True))
    messages += [
        {"role": "tool", "tool_call_id": c.id, "content": result} for c in message.tool_calls
    ]
    second = client.chat.completions.create(messages=messages, tool_choice="none", **request)
    assert second.choices[0].message.content
    # A small model is not told of functions it may not call, so the prompts tell of the history.
    asked = client.chat.completions.create(messages=ASK, tool_choice="none", **request)
    assert second.usage.prompt_tokens > asked.usage.prompt_tokens


def test_as_many_as_documented(client, server):
    tools = [tool(f"function_{i}", NUMBER, f"Function number {i}.") for i in range(350)]
    request = dict(model=server.model, messages=user("Hi."), max_tokens=8, tool_choice="none")
    completion = client.chat.completions.create(tools=tools[:20], **request)
    assert completion.choices[0].message.content is not None
    with pytest.raises(openai.BadRequestError) as e:
        client.chat.completions.create(tools=[*tools, WEATHER], **request)
    assert e.value.param == "tools"


@pytest.mark.parametrize(
    ("field", "value", "param"),
    [
        ("tools", [{"type": "web_search"}], "tools[0].type"),
        ("tools", [{"type": "function"}], "tools[0].function"),
        ("tools", [WEATHER, WEATHER], "tools[1].function.name"),
        ("tools", [tool("a b", NUMBER, "")], "tools[0].function.name"),
        ("tools", [tool("f", {"type": "no-such-type"}, "")], "tools[0].function.parameters"),
        ("tool_choice", "required", "tool_choice"),
        ("functions", [{"name": "f"}], "functions"),
    ],
)
def test_what_cannot_be_offered_is_refused_by_name(client, server, field, value, param):
    with pytest.raises(openai.BadRequestError) as e:
        client.chat.completions.create(
            model=server.model, messages=ASK, max_tokens=8, extra_body={field: value}
        )
    assert e.value.param == param


def test_responses(client, server):
    request = dict(model=server.model, tools=[flat(WEATHER), flat(COUNT)], max_output_tokens=128)
    question = {"role": "user", "content": ASK[0]["content"]}
    first = client.responses.create(input=[question], tool_choice="required", **request)
    assert first.status == "completed"
    calls = [o for o in first.output if o.type == "function_call"]
    assert calls and all(c.status == "completed" and c.id != c.call_id for c in calls)
    for call in calls:
        if call.name == "get_weather":
            check_weather(call.arguments)
    assert [t.name for t in first.tools] == ["get_weather", "count_to"]
    assert first.tool_choice == "required"
    items = [question, *(o.model_dump(exclude_none=True) for o in first.output)]
    items += [{"type": "function_call_output", "call_id": c.call_id, "output": "21"} for c in calls]
    second = client.responses.create(input=items, tool_choice="none", **request)
    assert second.output_text


def test_the_events_of_a_call_in_their_order(client, server):
    events = list(
        client.responses.create(
            model=server.model,
            input=ASK[0]["content"],
            tools=[flat(WEATHER)],
            tool_choice={"type": "function", "name": "get_weather"},
            parallel_tool_calls=False,
            max_output_tokens=128,
            stream=True,
        )
    )
    types = [e.type for e in events]
    added = types.index("response.function_call_arguments.delta") - 1
    assert types[added] == "response.output_item.added"
    assert events[added].item.status == "in_progress" and events[added].item.arguments == ""
    assert types[-3:] == [
        "response.function_call_arguments.done",
        "response.output_item.done",
        "response.completed",
    ]
    deltas = [e.delta for e in events if e.type == "response.function_call_arguments.delta"]
    assert "".join(deltas) == events[-3].arguments == events[-2].item.arguments
    assert [e.sequence_number for e in events] == list(range(len(events)))
    assert events[-1].response.output[-1].call_id == events[added].item.call_id


def test_a_call_that_was_cut_is_none(client, server):
    request = dict(messages=ASK, tools=[WEATHER], tool_choice="required", max_tokens=3)
    choice = client.chat.completions.create(model=server.model, **request).choices[0]
    assert choice.finish_reason == "length" and not choice.message.tool_calls
    response = client.responses.create(
        model=server.model,
        input=ASK[0]["content"],
        tools=[flat(WEATHER)],
        tool_choice="required",
        max_output_tokens=3,
    )
    assert response.status == "incomplete"
    assert all(o.status == "incomplete" for o in response.output if o.type == "function_call")
