"""xai-sdk over TLS, unmodified: a certificate of our own, a host that is an address, sync and async."""

import contextlib
import json
import os
import pathlib
import subprocess
import sys
import time

import pytest

PATIENCE_S = 120
SCRIPT = {"answers": [{"steps": [{"text": "Hel"}, {"text": "lo."}]}] * 8}

# gRPC reads its roots once a process, so the clients run in one of their own.
CLIENTS = """
import asyncio, sys
from xai_sdk import AsyncClient, Client
from xai_sdk.chat import user

host, key, model = sys.argv[1:]

def start(client):
    chat = client.chat.create(model)
    chat.append(user("Hi"))
    return chat

client = Client(api_key=key, api_host=host)
print(start(client).sample().content)
for response, _ in start(client).stream():
    pass
print(response.content)

async def main():
    client = AsyncClient(api_key=key, api_host=host)
    print((await start(client).sample()).content)
    async for response, _ in start(client).stream():
        pass
    print(response.content)

asyncio.run(main())
"""


def certificate(folder: pathlib.Path):
    chain, private = folder / "chain.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=jubal"]
        + ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", private, "-out", chain],
        check=True,
        capture_output=True,
    )
    return chain, private


@pytest.fixture(scope="module")
def secure(tmp_path_factory):
    """Host, key and certificate of a server that answers by a script over TLS."""
    jubal = os.environ.get("JUBAL")
    if not jubal:
        pytest.skip("JUBAL is not set (expected: a launcher, to start a scripted server with)")
    folder = tmp_path_factory.mktemp("tls")
    data, script, log = folder / "data", folder / "script.json", folder / "server.log"
    chain, private = certificate(folder)
    script.write_text(json.dumps(SCRIPT))
    made = [jubal, "key", "create", "tls", "--data-dir", data]
    key = subprocess.run(made, check=True, capture_output=True, text=True).stdout.strip()
    with open(log, "wb") as out:
        server = subprocess.Popen(
            [jubal, "serve", "--port", "0", "--offline", "--data-dir", data]
            + [f"--models.script={script}", "--tls-cert", chain, "--tls-key", private],
            stdout=out,
            stderr=out,
        )
    try:
        yield f"127.0.0.1:{port(server, data / 'server.json', log)}", key, chain
    finally:
        server.terminate()
        server.wait(60)


def port(server, file, log):
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and server.poll() is None:
        with contextlib.suppress(FileNotFoundError, json.JSONDecodeError):
            return json.loads(file.read_text())["port"]
        time.sleep(0.1)
    pytest.fail("the scripted server did not start:\n" + log.read_text())


def clients(host, key, model, **environment):
    return subprocess.run(
        [sys.executable, "-c", CLIENTS, host, key, model],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_both_clients_whole_and_streamed(secure, model):
    host, key, chain = secure
    done = clients(host, key, model, GRPC_DEFAULT_SSL_ROOTS_FILE_PATH=str(chain))
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n") == ["Hello."] * 4 + [""]


def test_a_certificate_that_is_not_trusted_is_refused(secure, model):
    host, key, _ = secure
    done = clients(host, key, model)
    assert done.returncode != 0
    assert "UNAVAILABLE" in done.stderr
