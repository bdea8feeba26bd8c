"""The running server as xai-sdk sees it: GRPC_HOST (default: that of BASE_URL), API_KEY, MODEL.

The SDK speaks plain text to `localhost:PORT`, and TLS to everything else.
"""

import os
from urllib.parse import urlparse

import pytest
from xai_sdk import AsyncClient, Client


def _host() -> str:
    given = os.environ.get("GRPC_HOST")
    if given:
        return given
    url = os.environ.get("BASE_URL")
    if not url:
        pytest.exit("BASE_URL is not set (expected: that of a running server; see conformance/run)", 2)
    return f"localhost:{urlparse(url).port}"


@pytest.fixture(scope="session")
def host() -> str:
    return _host()


@pytest.fixture(scope="session")
def key() -> str:
    return os.environ["API_KEY"]


@pytest.fixture(scope="session")
def model() -> str:
    return os.environ.get("MODEL", "grok-4-fast-non-reasoning")


@pytest.fixture(scope="session")
def client(host: str, key: str):
    client = Client(api_key=key, api_host=host, management_api_key=key, management_api_host=host)
    yield client
    client.close()


@pytest.fixture
def make_async(host: str, key: str):
    """Makes a client inside the event loop that uses it."""
    return lambda: AsyncClient(
        api_key=key, api_host=host, management_api_key=key, management_api_host=host
    )
