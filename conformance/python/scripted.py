"""A server that plays a script instead of a model: what clients make of answers that are known."""

import contextlib
import json
import os
import pathlib
import subprocess
import time
import urllib.request

import pytest

PATIENCE = 120  # seconds for a start
SEEN = 30  # seconds until a running server sees a new budget


@contextlib.contextmanager
def scripted(folder: pathlib.Path, script: dict, *options: str):
    """Yields (root, key) of a running server; skips where conformance/run did not name a launcher."""
    jubal = os.environ.get("JUBAL")
    if not jubal:
        pytest.skip("JUBAL is not set (expected: a launcher, to start a scripted server with)")
    data = folder / "data"
    file = folder / "script.json"
    file.write_text(json.dumps(script))
    key = subprocess.run(
        [jubal, "key", "create", "scripted", "--data-dir", data],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    with open(folder / "server.log", "wb") as log:
        server = subprocess.Popen(
            [jubal, "serve", "--port", "0", "--offline", "--data-dir", data]
            + [f"--models.script={file}", *options],
            stdout=log,
            stderr=log,
        )
    try:
        yield _address(server, data / "server.json", folder / "server.log"), key
    finally:
        server.terminate()
        server.wait(60)


def _address(server, file, log):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        with contextlib.suppress(FileNotFoundError, json.JSONDecodeError):
            return json.loads(file.read_text())["url"].rstrip("/").removesuffix("/v1")
        time.sleep(0.1)
    pytest.fail("the scripted server did not start:\n" + log.read_text())


def jubal(folder: pathlib.Path, *arguments: str) -> str:
    """Runs a command on the data of the server that was started in a folder; returns what it prints."""
    done = subprocess.run(
        [os.environ["JUBAL"], *arguments, "--data-dir", folder / "data"],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def await_refusal(root: str, key: str, most: int) -> None:
    """Returns when the server has seen the budget. To ask whether a call would pass costs nothing."""
    body = {"model": "grok-4", "messages": [{"role": "user", "content": "Hi."}], "max_tokens": most}
    explain = urllib.request.Request(
        root + "/v1/admission/explain",
        data=json.dumps(body).encode(),
        headers={"Authorization": "Bearer " + key, "Content-Type": "application/json"},
    )
    end = time.monotonic() + SEEN
    while time.monotonic() < end:
        with urllib.request.urlopen(explain, timeout=SEEN) as answer:
            if not json.load(answer)["would_pass"]:
                return
        time.sleep(0.05)
    pytest.fail("nothing was refused")
