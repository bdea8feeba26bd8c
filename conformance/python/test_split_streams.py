"""The SDK's own accumulators, `.stream()` and `.parse()`, on answers that are known, cut at random:
the arguments by the server, the bytes by a proxy. What comes out is what a whole answer says.

Run one seed again with SPLIT_SEED=N.
"""

import json
import os
import random

import openai
import pydantic
import pytest
from scripted import scripted
from splitting import Splitting

ROUNDS = 15
FIRST = int(os.environ.get("SPLIT_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 30)
SEEDS = range(FIRST, FIRST + (1 if "SPLIT_SEED" in os.environ else ROUNDS))
TEXTS = ["Hel", "lo ", "wörld", "🙂", "\n\n", '"', "data: x", "\\u0041", "\u2028"]
TOOLS = [f"f{i}" for i in range(3)]
PARAMETERS = {
    "type": "object",
    "properties": {"a": {"type": "string"}},
    "required": ["a"],
    "additionalProperties": False,
}


class Person(pydantic.BaseModel):
    name: str
    age: int
    tags: list[str]


def steps(draw, choices):
    """Some text for some choices, then some calls, as api.x.ai orders them."""
    out = []
    for choice in range(choices):
        for _ in range(draw.randint(0, 6)):
            out.append({"text": draw.choice(TEXTS), "choice": choice})
    for _ in range(draw.randint(0, 4)):
        call = {
            "id": f"call_{draw.randrange(10**8):08}",
            "name": draw.choice(TOOLS),
            "arguments": json.dumps({"a": "".join(draw.choices(TEXTS, k=draw.randint(0, 3)))}),
            "split": draw.randint(1, 9),
            "seed": draw.randrange(1 << 30),
        }
        out.append({"call": call, "choice": draw.randrange(choices)})
    return out


def person(draw):
    person = {"name": "".join(draw.choices(TEXTS, k=3)), "age": draw.randrange(99), "tags": TEXTS}
    text = json.dumps(person, ensure_ascii=draw.random() < 0.5)
    cuts = sorted(draw.sample(range(1, len(text)), 9))
    return [{"text": text[a:b]} for a, b in zip([0, *cuts], [*cuts, len(text)])]


def script():
    """For each seed an answer, whole and streamed, and one that is a person, likewise."""
    answers = []
    for seed in SEEDS:
        draw = random.Random(seed)
        answers += [{"steps": steps(draw, 1 + seed % 3)}] * 2
        answers += [{"steps": steps(draw, 1)}] * 2
        answers += [{"steps": person(draw)}] * 4
    return {"answers": answers}


@pytest.fixture(scope="module", params=["xai", "openai"])
def server(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("scripted")
    with scripted(folder, script(), f"--compat.tool-deltas={request.param}") as (root, key):
        with Splitting(root, FIRST).running() as proxy:
            yield root, proxy.url, key


@pytest.fixture(scope="module")
def whole(server):
    root, _, key = server
    with openai.OpenAI(base_url=root + "/v1", api_key=key, max_retries=0) as client:
        yield client


@pytest.fixture(scope="module")
def sliced(server):
    _, proxy, key = server
    with openai.OpenAI(base_url=proxy + "/v1", api_key=key, max_retries=0) as client:
        yield client


def said(completion):
    """What a completion says, without what differs from one request to the next."""
    return [
        (
            choice.index,
            choice.finish_reason,
            choice.message.role,
            choice.message.content or "",
            [(c.id, c.type, c.function.name, c.function.arguments) for c in choice.message.tool_calls or []],
        )
        for choice in completion.choices
    ]


def items(response):
    out = []
    for item in response.output:
        if item.type == "function_call":
            out.append((item.type, item.status, item.call_id, item.name, item.arguments))
        else:
            out.append((item.type, item.status, [p.text for p in item.content]))
    return response.status, out


def test_the_accumulators(whole, sliced):
    """One test, since the script is played in turn."""
    for seed in SEEDS:
        chat(whole, sliced, seed)
        responses(whole, sliced, seed)
        parsed(whole, sliced, seed)


def chat(whole, sliced, seed):
    tools = [{"type": "function", "function": {"name": n, "parameters": PARAMETERS}} for n in TOOLS]
    request = dict(
        model="grok-4",
        messages=[{"role": "user", "content": "Hi."}],
        tools=tools,
        n=1 + seed % 3,
    )
    expected = whole.chat.completions.create(**request)
    with sliced.chat.completions.stream(**request) as stream:
        done = [e for e in stream if e.type == "tool_calls.function.arguments.done"]
        final = stream.get_final_completion()
    assert said(final) == said(expected), f"SPLIT_SEED={seed}"
    calls = [c for choice in expected.choices for c in choice.message.tool_calls or []]
    assert len(done) == len(calls), f"SPLIT_SEED={seed}"


def responses(whole, sliced, seed):
    tools = [{"type": "function", "name": n, "parameters": PARAMETERS} for n in TOOLS]
    request = dict(model="grok-4", input="Hi.", tools=tools)
    expected = whole.responses.create(**request)
    with sliced.responses.stream(**request) as stream:
        deltas = [e.delta for e in stream if e.type == "response.function_call_arguments.delta"]
        final = stream.get_final_response()
    assert items(final) == items(expected), f"SPLIT_SEED={seed}"
    arguments = [i.arguments for i in expected.output if i.type == "function_call"]
    assert "".join(deltas) == "".join(arguments), f"SPLIT_SEED={seed}"


def parsed(whole, sliced, seed):
    request = dict(model="grok-4", messages=[{"role": "user", "content": "A person."}])
    request["response_format"] = Person
    expected = whole.chat.completions.parse(**request).choices[0].message.parsed
    with sliced.chat.completions.stream(**request) as stream:
        for _ in stream:
            pass
        final = stream.get_final_completion().choices[0].message.parsed
    assert final == expected, f"SPLIT_SEED={seed}"
    request = dict(model="grok-4", input="A person.", text_format=Person)
    again = whole.responses.parse(**request).output_parsed
    with sliced.responses.stream(**request) as stream:
        for _ in stream:
            pass
        last = stream.get_final_response().output_parsed
    assert again == last == expected, f"SPLIT_SEED={seed}"
