// fetch with X-Request-Id and retries: the wrapper of examples/node, by its parameters quick enough
// to be tried in every way; and the documented one as it stands, in programs.test.mjs.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { postWithRetries } from "../../examples/node/fetch_retry.mjs";
import { apiKey, flaky, model, root, user } from "./server.mjs";

const quick = { apiKey, baseDelay: 2, cap: 15, jitter: 1 };
const body = { model, messages: user("Hi."), max_tokens: 2 };

async function through(failures, change = {}) {
  const proxy = await flaky(failures);
  try {
    const outcome = await postWithRetries(`${proxy.url}/v1/chat/completions`, { ...body, ...change }, quick)
      .then((json) => ({ json }), (error) => ({ error }));
    return { ...outcome, proxy };
  } finally {
    await proxy.close();
  }
}

for (const failures of [[[429]], [[500], [502]], [[503], [504], [429]]]) {
  const name = failures.flat().join(", ");
  test(`${name}, then an answer`, async () => {
    const { json, proxy } = await through(failures);
    assert.equal(json.object, "chat.completion");
    assert.equal(proxy.seen.length, failures.length + 1);
  });
}

test("four tries are the most", async () => {
  const { error, proxy } = await through([[503], [503], [503], [503], [503]]);
  assert.match(error.message, /^503/);
  assert.equal(proxy.seen.length, 4);
});

test("a 404 is not tried again", async () => {
  const { error, proxy } = await through([], { model: "grok-99" });
  assert.match(error.message, /^404/);
  assert.equal(proxy.seen.length, 1);
});

test("a 401 is not tried again", async () => {
  let calls = 0;
  const counted = (...args) => (calls++, fetch(...args));
  await assert.rejects(
    postWithRetries(`${root}/v1/chat/completions`, body, { ...quick, apiKey: "xai-nobody", fetch: counted }),
    /^Error: 401/,
  );
  assert.equal(calls, 1);
});

test("all tries of one call carry one X-Request-Id, which comes back", async () => {
  const { proxy } = await through([[429]]);
  const ids = proxy.seen.map((headers) => headers["x-request-id"]);
  assert.equal(ids.length, 2);
  assert.equal(ids[0], ids[1]);
  assert.equal(proxy.answered[1].headers["x-client-request-id"], ids[0]);
});

test("the server's own id is not the client's", async () => {
  const mine = randomUUID();
  const answer = await fetch(`${root}/v1/chat/completions`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Authorization: `Bearer ${apiKey}`,
      "X-Request-Id": mine,
    },
    body: JSON.stringify(body),
  });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("x-client-request-id"), mine);
  assert.match(answer.headers.get("x-request-id"), /^[0-9a-f-]{36}$/);
  assert.notEqual(answer.headers.get("x-request-id"), mine);
});
