"""Makes random requests reach what they are for: names that exist, and answers that stay short.

Schemathesis loads this file when SCHEMATHESIS_HOOKS names it. What is left as it was drawn still
finds how a wrong name or size is refused.
"""

import random

import schemathesis

MODELS = ["grok-4", "grok-4-fast-non-reasoning", "grok-embed"]
LENGTHS = ("max_tokens", "max_completion_tokens", "max_output_tokens", "max_tokens_to_sample")
seen: list[str] = []  # ids of what was made, so that it can be asked for


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


@schemathesis.hook
def after_call(context, case, response):
    try:
        made = response.json()
    except Exception:  # text, events, nothing
        return
    if response.status_code == 200 and isinstance(made, dict):
        for field in ("id", "request_id"):
            if isinstance(made.get(field), str):
                seen.append(made[field])
                del seen[:-50]
