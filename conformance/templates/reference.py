"""What the reference renders: transformers with Jinja2, of the versions in requirements.txt.

reference.py corpus ARCHIVE OUT   the templates inside a source archive, with our conversations
reference.py fuzz SEED COUNT OUT  random templates of a seeded grammar

Both write what llama's TemplateCorpusTest reads. A template that runs too long in Python is left
out and counted: only what the reference decides can be compared.
"""

import copy
import datetime
import json
import pathlib
import signal
import sys
import tarfile

from transformers.utils import chat_template_utils

import gguf
import grammar

HERE = pathlib.Path(__file__).parent
NOW = datetime.datetime(2026, 11, 21, 7, 30)
SECONDS = 10


class Clock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return NOW


class TooLong(BaseException):
    pass


def too_long(_signal, _frame):
    raise TooLong()


def outcome(template, variables):
    signal.alarm(SECONDS)
    try:
        return {"out": template.render(**variables)}
    except TooLong:
        return None
    except Exception as e:
        return {"err": f"{type(e).__name__}: {e}"[:200]}
    finally:
        signal.alarm(0)


def compiled(source):
    return chat_template_utils._compile_jinja_template(source)


def corpus(archive, out):
    folder = pathlib.Path(out)
    (folder / "templates").mkdir(parents=True, exist_ok=True)
    conversations = json.loads((HERE / "conversations.json").read_text("utf-8"))
    expected = {}
    with tarfile.open(archive) as files:
        for member in files:
            path = pathlib.PurePosixPath(member.name)
            if path.suffix == ".jinja" and path.parent.name == "templates":
                found = {path.name: files.extractfile(member).read().decode("utf-8")}
            elif path.suffix == ".gguf":
                found = gguf.templates(path.stem, files.extractfile(member))
            else:
                continue
            for name, source in found.items():
                (folder / "templates" / name).write_bytes(source.encode("utf-8"))
                expected[name] = rendered(source, conversations)
    if not expected:
        sys.exit(f"{archive} holds no templates (expected: models/templates/*.jinja)")
    (folder / "conversations.json").write_text(json.dumps(conversations), "utf-8")
    (folder / "expected.json").write_text(json.dumps(expected), "utf-8")
    print(f"reference: {len(expected)} templates, {len(conversations)} conversations")


def rendered(source, conversations):
    try:
        template = compiled(source)
    except Exception as e:
        return {name: {"err": f"{type(e).__name__}: {e}"[:200]} for name in conversations}
    results = {name: outcome(template, copy.deepcopy(variables)) for name, variables in conversations.items()}
    return {name: result for name, result in results.items() if result is not None}


def fuzz(seed, count, out):
    environment = compiled("").environment
    cases = []
    left_out = 0
    for source in grammar.templates(int(seed), int(count)):
        try:
            # A copy: Jinja2's own indent changes a list it is given.
            variables = copy.deepcopy(grammar.VARIABLES)
            result = outcome(environment.from_string(source), variables)
        except Exception as e:
            result = {"err": f"{type(e).__name__}: {e}"[:200]}
        if result is None or " object at 0x" in result.get("out", "").lower():
            left_out += 1
        else:
            cases.append({"template": source, **result})
    document = {"variables": grammar.VARIABLES, "cases": cases}
    pathlib.Path(out).write_text(json.dumps(document), "utf-8")
    errors = sum("err" in case for case in cases)
    print(f"reference: seed {seed}, {len(cases)} templates, {errors} of them raise, {left_out} left out")


if __name__ == "__main__":
    chat_template_utils.datetime = Clock
    signal.signal(signal.SIGALRM, too_long)
    {"corpus": corpus, "fuzz": fuzz}[sys.argv[1]](*sys.argv[2:])
