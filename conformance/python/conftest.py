"""The running server as the tests see it: an address, a key, and the clients they talk through.

BASE_URL ends in /v1; API_KEY is a key of that server without restrictions. MODEL must be a name
that takes `stop` and penalties, REASONING_MODEL one that refuses them.
"""

import dataclasses
import os
import time
import uuid

import openai
import pytest
import requests


@dataclasses.dataclass(frozen=True)
class Server:
    base_url: str
    api_key: str
    model: str
    reasoning_model: str
    embedding_model: str

    @property
    def root(self) -> str:
        return self.base_url.removesuffix("/v1")


def _needed(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        pytest.exit(f"{name} is not set (expected: that of a running server; see conformance/run)", 2)
    return value


@pytest.fixture(scope="session")
def server() -> Server:
    return Server(
        base_url=_needed("BASE_URL").rstrip("/"),
        api_key=_needed("API_KEY"),
        model=os.environ.get("MODEL", "grok-4-fast-non-reasoning"),
        reasoning_model=os.environ.get("REASONING_MODEL", "grok-4"),
        embedding_model=os.environ.get("EMBED_MODEL", "grok-embed"),
    )


@pytest.fixture(scope="session")
def client(server: Server):
    """The SDK as its users have it, but for retries: a test must see the first answer."""
    with openai.OpenAI(base_url=server.base_url, api_key=server.api_key, max_retries=0) as c:
        yield c


class Raw:
    """Plain HTTP, for what an SDK hides."""

    def __init__(self, server: Server):
        self._server = server
        self._session = requests.Session()

    def send(self, method: str, path: str, *, key: str | None = "", timeout: float = 120, **rest):
        """Calls a path below the root; key None sends none, "" the server's."""
        headers = dict(rest.pop("headers", {}))
        if key is not None:
            headers["Authorization"] = f"Bearer {key or self._server.api_key}"
        url = self._server.root + path
        return self._session.request(method, url, headers=headers, timeout=timeout, **rest)

    def get(self, path: str, **rest):
        return self.send("GET", path, **rest)

    def post(self, path: str, body, **rest):
        return self.send("POST", path, json=body, **rest)


@pytest.fixture(scope="session")
def raw(server: Server) -> Raw:
    return Raw(server)


class Manager:
    """The management API over plain HTTP: xAI has no SDK for it."""

    def __init__(self, root: str, key: str):
        self.root = root
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {key}"

    def send(self, method: str, path: str, status: int = 200, **rest) -> requests.Response:
        answer = self.session.request(method, self.root + path, timeout=60, **rest)
        assert answer.status_code == status, answer.text
        return answer

    def call(self, method: str, path: str, status: int = 200, **rest) -> dict:
        return self.send(method, path, status, **rest).json()


@pytest.fixture(scope="session")
def manager(server: Server) -> Manager:
    key = os.environ.get("MANAGEMENT_KEY")
    if not key:
        pytest.skip("MANAGEMENT_KEY is not set (expected: one of ./jubal management-key create NAME)")
    return Manager(server.root, key)


def soon(condition, limit: float = 10.0) -> bool:
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def user(text: str) -> list[dict]:
    return [{"role": "user", "content": text}]
