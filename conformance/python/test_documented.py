"""Client code written for api.x.ai, run with only host and key changed."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

DOCUMENTED = pathlib.Path(__file__).parent.parent / "documented"
HOST = "https://api.x.ai"


@pytest.fixture
def run(server, tmp_path):
    def start(name):
        text = (DOCUMENTED / name).read_text()
        assert text.count(HOST) == 1
        program = tmp_path / name
        program.write_text(text.replace(HOST, server.root))
        command = ["sh"] if name.endswith(".sh") else [sys.executable]
        done = subprocess.run(
            [*command, str(program)],
            env={**os.environ, "XAI_API_KEY": server.api_key},
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return start


def test_curl_chat(run):
    answer = json.loads(run("chat.sh"))
    assert answer["id"].startswith("chatcmpl-")
    assert answer["object"] == "chat.completion"
    assert answer["model"] == "grok-2-1212"
    assert answer["choices"][0]["message"]["role"] == "assistant"
    assert answer["choices"][0]["message"]["content"]
    usage = answer["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]


def test_curl_stream(run):
    lines = [line for line in run("chat_stream.sh").splitlines() if line.startswith("data: ")]
    assert lines.pop() == "data: [DONE]"
    chunks = [json.loads(line.removeprefix("data: ")) for line in lines]
    assert {c["object"] for c in chunks} == {"chat.completion.chunk"}
    assert len({c["id"] for c in chunks}) == 1
    assert "".join(c["choices"][0]["delta"].get("content", "") for c in chunks if c["choices"])


def test_curl_responses(run):
    answer = json.loads(run("responses.sh"))
    assert answer["object"] == "response"
    assert answer["model"] == "grok-4-1-fast-reasoning"
    assert answer["max_output_tokens"] == 64
    message = next(item for item in answer["output"] if item["type"] == "message")
    assert message["content"][0]["text"]
    assert answer["usage"]["total_tokens"] > 0


@pytest.mark.parametrize("name", ["requests_chat.py", "openai_sdk.py"])
def test_python(run, name):
    assert run(name).strip()
