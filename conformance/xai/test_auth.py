"""xai-sdk's auth client: what a key is told about itself."""

from xai_sdk import Client


def test_get_api_key_info(client, key):
    info = client.auth.get_api_key_info()
    assert info.redacted_api_key == f"xai-...{key[-4:]}"
    assert info.api_key_id and info.team_id and info.user_id
    assert "api-key:endpoint:*" in info.acls
    assert not info.disabled and not info.api_key_blocked and not info.team_blocked
    assert info.create_time.seconds > 0


def test_a_wrong_key_is_unauthenticated(host):
    import grpc
    import pytest

    with Client(api_key="xai-wrong-key", api_host=host) as wrong, pytest.raises(grpc.RpcError) as e:
        wrong.auth.get_api_key_info()
    assert e.value.code() == grpc.StatusCode.UNAUTHENTICATED
