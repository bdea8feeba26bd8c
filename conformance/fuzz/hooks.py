"""Makes random requests reach what they are for: names that exist, and answers that stay short.

Schemathesis loads this file when SCHEMATHESIS_HOOKS names it. What is left as it was drawn still
finds how a wrong name or size is refused.
"""

import os
import random

import schemathesis

MODELS = ["grok-4", "grok-4-fast-non-reasoning", "grok-embed"]
LENGTHS = ("max_tokens", "max_completion_tokens", "max_output_tokens", "max_tokens_to_sample")
MANAGEMENT_KEY = os.environ.get("MANAGEMENT_KEY", "")
seen: list[str] = []  # ids of what was made, so that it can be asked for
OWN = os.environ.get("OWN_KEYS", "").split()  # ids of the keys it asks with: not to be switched off
teams: set[str] = set()  # their ids


def with_management_key(operation):
    """Whether it takes the other kind of key."""
    return any("management_key" in s for s in operation.definition.raw.get("security", []))


def ids(made):
    """Every id in an answer, at any depth, by its field."""
    if isinstance(made, list):
        for item in made:
            yield from ids(item)
    elif isinstance(made, dict):
        for field, value in made.items():
            if isinstance(value, str) and field.lower().replace("_", "").endswith("id"):
                yield field, value
            else:
                yield from ids(value)


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """The schema of a stream here is that of each event's data, which no version of OpenAPI before
    3.2 can say; the transcripts of the build are held against it."""
    for path in raw_schema["paths"].values():
        for operation in path.values():
            content = operation["responses"].get("200", {}).get("content", {})
            content.get("text/event-stream", {}).pop("schema", None)


@schemathesis.hook
def before_call(context, case, kwargs):
    draw = random.Random(repr(case.body))
    if isinstance(case.body, dict) and draw.random() < 0.9:
        if "model" in case.body:
            path = case.operation.path
            case.body["model"] = "grok-embed" if "embeddings" in path else draw.choice(MODELS[:2])
        for field in LENGTHS:
            if isinstance(case.body.get(field), int) and case.body[field] > 64:
                case.body[field] = 64
        if isinstance(case.body.get("n"), int) and case.body["n"] > 4:
            case.body["n"] = 4
        if seen and isinstance(case.body.get("previous_response_id"), str):
            case.body["previous_response_id"] = draw.choice(seen)
    if case.path_parameters and seen and draw.random() < 0.5:
        for name in case.path_parameters:
            case.path_parameters[name] = draw.choice(seen)
    if case.path_parameters and teams and draw.random() < 0.9:
        for name in case.path_parameters:
            if "team" in name.lower():
                case.path_parameters[name] = draw.choice(sorted(teams))
    key = MANAGEMENT_KEY if with_management_key(case.operation) else os.environ["API_KEY"]
    case.headers = {**(case.headers or {}), "Authorization": "Bearer " + key}


@schemathesis.hook
def after_call(context, case, response):
    try:
        made = response.json()
    except Exception:  # text, events, nothing
        return
    if response.status_code == 200:
        for field, value in ids(made):
            if "team" in field.lower():
                teams.add(value)
            elif value not in seen and value not in OWN:
                seen.append(value)
        del seen[:-50]
