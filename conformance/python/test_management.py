"""The management API as its reference documents it, over plain HTTP: xAI has no SDK for it."""

import uuid

import pytest
from conftest import soon

ALL = ["api-key:model:*", "api-key:endpoint:*"]


@pytest.fixture(scope="module")
def team(raw) -> str:
    return raw.get("/v1/me").json()["team_id"]


@pytest.fixture
def made(manager, team):
    body = {"name": f"made {uuid.uuid4()}", "acls": ALL, "qps": 50, "qpm": 1000, "tpm": "900000"}
    key = manager.call("POST", f"/auth/teams/{team}/api-keys", json=body)
    yield key
    manager.session.delete(f"{manager.root}/auth/api-keys/{key['apiKeyId']}", timeout=60)


def test_a_key_has_the_documented_fields(made, team):
    assert made["apiKey"].startswith("xai-")
    assert made["redactedApiKey"].endswith(made["apiKey"][-4:])
    assert made["teamId"] == team
    assert made["aclStrings"] == sorted(ALL)
    assert (made["qps"], made["qpm"], made["tpm"]) == (50, 1000, "900000")
    assert made["disabled"] is False
    assert {"userId", "name", "createTime", "modifyTime", "apiKeyId"} <= made.keys()


def test_the_example_of_the_guide(manager, team):
    """curl -d sends JSON and calls it a form."""
    body = '{"name": "guide %s", "acls": ["api-key:model:*"], "qps": 5, "qpm": 100, "tpm": null}'
    key = manager.call(
        "POST",
        f"/auth/teams/{team}/api-keys",
        data=body % uuid.uuid4(),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert "tpm" not in key
    assert manager.call("DELETE", f"/auth/api-keys/{key['apiKeyId']}") == {}


def test_made_keys_are_listed_by_pages(manager, team, made):
    found, token, pages = [], "", 0
    while True:
        page = manager.call(
            "GET",
            f"/auth/teams/{team}/api-keys",
            params={"pageSize": 2, "paginationToken": token},
        )
        found += page["apiKeys"]
        pages += 1
        token = page.get("paginationToken", "")
        if not token:
            break
    ids = [k["apiKeyId"] for k in found]
    assert made["apiKeyId"] in ids and len(ids) == len(set(ids))
    assert all("apiKey" not in k for k in found)
    assert pages == (len(ids) + 1) // 2


def test_only_what_the_mask_names_changes(manager, raw, made):
    path = f"/auth/api-keys/{made['apiKeyId']}"
    patch = {"apiKey": {"qpm": 200, "qps": 1}, "fieldMask": "qpm"}
    changed = manager.call("PUT", path, json=patch)
    assert (changed["qpm"], changed["qps"]) == (200, 50)
    wrong = manager.call("PUT", path, 400, json={"apiKey": {}, "fieldMask": "colour"})
    assert "colour" in wrong["error"]["message"]
    manager.call("PUT", path, json={"apiKey": {"disabled": True}, "fieldMask": "disabled"})
    assert soon(lambda: raw.get("/v1/me", key=made["apiKey"]).status_code == 401)
    manager.call("PUT", path, json={"apiKey": {"disabled": False}, "fieldMask": "disabled"})
    assert soon(lambda: raw.get("/v1/me", key=made["apiKey"]).status_code == 200)


def test_a_rotation_keeps_the_id(manager, raw, made):
    path = f"/auth/api-keys/{made['apiKeyId']}/rotate"
    fresh = manager.call("POST", path, params={"gracePeriod": "1h"})
    assert fresh["apiKeyId"] == made["apiKeyId"]
    for secret in (made["apiKey"], fresh["apiKey"]):
        assert raw.get("/v1/api-key", key=secret).json()["api_key_id"] == made["apiKeyId"]
    manager.call("POST", path)
    assert soon(lambda: raw.get("/v1/me", key=fresh["apiKey"]).status_code == 401)
    old = raw.get("/v1/me", key=made["apiKey"]).status_code
    assert old == 401, "a rotation without a grace ends all earlier secrets"


def test_propagation_comes_true(manager, made):
    path = f"/auth/api-keys/{made['apiKeyId']}/propagation"
    assert soon(lambda: all(manager.call("GET", path)["icPropagation"].values()))


def test_names_for_rows(manager, team, server):
    models = manager.call("GET", f"/auth/teams/{team}/models")["models"]
    assert any(server.model in [m["name"], *m["aliases"]] for m in models)
    rows = manager.call("GET", f"/auth/teams/{team}/endpoints")["acls"]
    assert {"api-key:endpoint:*", "api-key:endpoint:chat"} <= set(rows)


def test_validation(manager):
    key = manager.call("GET", "/auth/management-keys/validation")
    assert {"apiKeyId", "name", "scope", "acls"} <= key.keys()


def test_keys_of_the_other_kind_are_refused(manager, raw, team):
    mine = raw.get("/auth/teams")
    assert mine.status_code == 403 and "management key" in mine.text
    other = manager.session.get(f"{manager.root}/v1/models", timeout=60)
    assert other.status_code == 403 and "API key" in other.text


def test_a_key_without_rows_can_do_nothing(manager, raw, team, server):
    name = f"bare {uuid.uuid4()}"
    key = manager.call("POST", f"/auth/teams/{team}/api-keys", json={"name": name})
    body = {"model": server.model, "messages": [{"role": "user", "content": "Hi"}]}
    answer = raw.post("/v1/chat/completions", body, key=key["apiKey"])
    assert answer.status_code == 403 and "api-key:endpoint:chat" in answer.text
    manager.call("DELETE", f"/auth/api-keys/{key['apiKeyId']}")
