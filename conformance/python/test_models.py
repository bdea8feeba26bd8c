"""Model lists, key details, and the surfaces of operators."""

import openai
import pytest

NAMES = [
    "grok-4",
    "grok-4-fast-reasoning",
    "grok-4-fast-non-reasoning",
    "grok-4-1-fast-non-reasoning",
    "grok-2-1212",
    "grok-beta",
    "grok-1",
    "grok-4.3",
    "grok-4.7",
]


def test_every_name_is_listed_under_its_own_id(client):
    listed = {m.id: m for m in client.models.list()}
    assert set(NAMES) <= listed.keys()
    for model in listed.values():
        assert model.object == "model"
        assert model.created > 0
        assert model.owned_by


@pytest.mark.parametrize("name", NAMES)
def test_one_name(client, name):
    assert client.models.retrieve(name).id == name


def test_an_unknown_name_gets_the_nearest(client):
    with pytest.raises(openai.NotFoundError) as e:
        client.models.retrieve("grok-4-fast-non-reasonin")
    assert "grok-4-fast-non-reasoning" in e.value.message


def test_language_models(raw):
    models = raw.get("/v1/language-models").json()["models"]
    assert {m["id"] for m in models} >= {"grok-4", "grok-2-1212"}
    for model in models:
        assert "text" in model["input_modalities"]
        assert isinstance(model["aliases"], list)
        assert isinstance(model["prompt_text_token_price"], int)
        assert isinstance(model["completion_text_token_price"], int)
        assert raw.get(f"/v1/language-models/{model['id']}").json()["id"] == model["id"]


def test_the_list_says_what_stands_behind_a_name(raw):
    model = raw.get("/v1/language-models/grok-4").json()
    assert model["backend"] and "grok" not in model["backend"]
    assert model["licence"]
    assert model["context_length"] != model["published"]["context_length"] == 256000
    assert model["published"]["knowledge_cutoff"] == "2024-11"


def test_the_other_lists(raw):
    assert {m["id"] for m in raw.get("/v1/embedding-models").json()["models"]} >= {"v1"}
    assert raw.get("/v1/image-generation-models").json()["models"] == []
    assert raw.get("/v1/video-generation-models").json()["models"] == []


def test_the_key_without_its_secret(server, raw):
    answer = raw.get("/v1/api-key")
    assert server.api_key not in answer.text
    key = answer.json()
    assert key["redacted_api_key"].startswith("xai-...")
    assert key["api_key_blocked"] is False and key["team_blocked"] is False
    assert {"api_key_id", "name", "team_id", "user_id", "acls"} <= key.keys()


def test_who_calls(raw):
    assert raw.get("/v1/me").status_code == 200


def test_tokens_of_a_text(server, raw):
    text = "Hello, wörld!"
    tokens = raw.post("/v1/tokenize-text", {"model": server.model, "text": text}).json()["token_ids"]
    assert b"".join(bytes(t["token_bytes"]) for t in tokens).decode() == text
    assert all(isinstance(t["token_id"], int) for t in tokens)


def test_probes_are_public_and_metrics_are_not(raw):
    assert raw.get("/healthz", key=None).status_code == 200
    assert raw.get("/readyz", key=None).status_code == 200
    assert raw.get("/metrics", key=None).status_code == 401
    metrics = raw.get("/metrics")
    assert metrics.status_code == 200
    assert metrics.headers["content-type"].startswith("text/plain")


def test_the_api_describes_itself(raw):
    document = raw.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert "post" in document["paths"]["/v1/chat/completions"]
