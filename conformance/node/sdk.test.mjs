// The openai package for Node, unmodified, against the running server.
import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { z } from "zod";
import { apiKey, baseURL, client, embeddingModel, flaky, model, user } from "./server.mjs";

const count = z.number().int().nonnegative();

const Usage = z.object({
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: count,
  prompt_tokens_details: z.object({ cached_tokens: count }),
  completion_tokens_details: z.object({ reasoning_tokens: count }),
  cost_in_usd_ticks: count,
});

const Completion = z.object({
  id: z.string().regex(/^chatcmpl-[0-9a-f-]{36}$/),
  object: z.literal("chat.completion"),
  created: count,
  model: z.string(),
  choices: z
    .array(
      z.object({
        index: count,
        message: z.object({ role: z.literal("assistant"), content: z.string() }),
        finish_reason: z.enum(["stop", "length"]),
      }),
    )
    .min(1),
  usage: Usage,
});

const Chunk = z.object({
  id: z.string(),
  object: z.literal("chat.completion.chunk"),
  created: count,
  model: z.string(),
  choices: z.array(
    z.object({
      index: count,
      delta: z.object({ role: z.literal("assistant").optional(), content: z.string().optional() }),
      finish_reason: z.enum(["stop", "length"]).nullable(),
    }),
  ),
});

test("chat answers in the documented shape", async () => {
  const answer = await client.chat.completions.create({
    model,
    messages: user("Say hello."),
    max_tokens: 16,
  });
  Completion.parse(answer);
  assert.equal(answer.model, model);
  assert.match(answer._request_id, /^[0-9a-f-]{36}$/);
});

test("a chat stream folds to the whole answer", async () => {
  const request = { model, messages: user("Count to 5."), max_tokens: 24, temperature: 0, seed: 5 };
  const whole = await client.chat.completions.create(request);
  let text = "";
  const reasons = [];
  for await (const chunk of await client.chat.completions.create({ ...request, stream: true })) {
    Chunk.parse(chunk);
    text += chunk.choices[0]?.delta.content ?? "";
    if (chunk.choices[0]?.finish_reason) reasons.push(chunk.choices[0].finish_reason);
  }
  assert.equal(text, whole.choices[0].message.content);
  assert.deepEqual(reasons, [whole.choices[0].finish_reason]);
});

test("the chat stream helper", async () => {
  const stream = client.chat.completions.stream({ model, messages: user("Say hello."), max_tokens: 16 });
  let text = "";
  stream.on("content", (delta) => (text += delta));
  const final = await stream.finalChatCompletion();
  assert.equal(final.choices[0].message.content, text);
  assert.ok(text);
});

test("an aborted stream leaves the client usable", async () => {
  const stream = await client.chat.completions.create({
    model,
    messages: user("Write a long story."),
    max_tokens: 2000,
    stream: true,
  });
  for await (const _ of stream) break;
  assert.ok(stream.controller.signal.aborted);
  Completion.parse(
    await client.chat.completions.create({ model, messages: user("Hi."), max_tokens: 2 }),
  );
});

test("responses answer in the documented shape", async () => {
  const answer = await client.responses.create({
    model,
    instructions: "Be brief.",
    input: [{ role: "user", content: "Say hello." }],
    max_output_tokens: 32,
  });
  assert.equal(answer.object, "response");
  assert.ok(answer.output_text);
  assert.equal(answer.store, true);
  assert.equal(answer.usage.total_tokens, answer.usage.input_tokens + answer.usage.output_tokens);
});

test("the events of a response", async () => {
  const types = [];
  let text = "";
  let next = 0;
  let last;
  for await (const event of await client.responses.create({
    model,
    input: "Count to 5.",
    max_output_tokens: 32,
    stream: true,
  })) {
    types.push(event.type);
    assert.equal(event.sequence_number, next++);
    if (event.type === "response.output_text.delta") text += event.delta;
    last = event;
  }
  assert.deepEqual(types.slice(0, 3), [
    "response.created",
    "response.in_progress",
    "response.output_item.added",
  ]);
  assert.ok(["response.completed", "response.incomplete"].includes(last.type), last.type);
  assert.equal(last.response.output[0].content[0].text, text);
  assert.ok(text);
});

test("a stored response is read, continued, listed and deleted", async () => {
  const first = await client.responses.create({ model, input: "Hi", max_output_tokens: 16 });
  assert.deepEqual((await client.responses.retrieve(first.id)).output, first.output);
  const second = await client.responses.create({
    model,
    input: "And?",
    previous_response_id: first.id,
    max_output_tokens: 16,
  });
  assert.equal(second.previous_response_id, first.id);
  const items = [];
  for await (const item of client.responses.inputItems.list(second.id, { order: "asc", limit: 2 }))
    items.push(item.role);
  assert.deepEqual(items, ["user", "assistant", "user"]);
  await client.responses.delete(first.id);
  await assert.rejects(client.responses.retrieve(first.id), { status: 404 });
});

test("the responses stream helper", async () => {
  const stream = client.responses.stream({ model, input: "Say hello.", max_output_tokens: 32 });
  const final = await stream.finalResponse();
  assert.ok(final.output_text);
});

test("embeddings", async () => {
  const answer = await client.embeddings.create({ model: embeddingModel, input: ["a cat", "a dog"] });
  assert.deepEqual(answer.data.map((d) => d.index), [0, 1]);
  for (const { embedding } of answer.data) {
    assert.equal(embedding.length, 384);
    assert.ok(Math.abs(Math.hypot(...embedding) - 1) < 1e-3);
  }
});

test("legacy completions", async () => {
  const answer = await client.completions.create({ model, prompt: "Once upon a", max_tokens: 8 });
  assert.equal(answer.object, "text_completion");
  assert.ok(answer.choices[0].text);
});

test("models", async () => {
  const ids = [];
  for await (const m of client.models.list()) ids.push(m.id);
  assert.ok(ids.includes(model));
  assert.equal((await client.models.retrieve(model)).id, model);
});

test("errors have their classes", async () => {
  const stranger = new OpenAI({ baseURL, apiKey: "xai-nobody", maxRetries: 0 });
  await assert.rejects(stranger.models.list(), (e) => {
    assert.ok(e instanceof OpenAI.AuthenticationError);
    assert.equal(e.code, "invalid_api_key");
    return true;
  });
  await assert.rejects(
    client.chat.completions.create({ model: "grok-99", messages: user("Hi.") }),
    OpenAI.NotFoundError,
  );
  await assert.rejects(
    client.chat.completions.create({ model, messages: user("Hi."), temperature: 9 }),
    (e) => e instanceof OpenAI.BadRequestError && e.param === "temperature",
  );
});

test("the SDK tries again after 429 and 503", async () => {
  const soon = { "retry-after-ms": "1" };
  const proxy = await flaky([[429, soon], [503, soon]]);
  try {
    const retrying = new OpenAI({ baseURL: `${proxy.url}/v1`, apiKey, maxRetries: 2 });
    Completion.parse(
      await retrying.chat.completions.create({ model, messages: user("Hi."), max_tokens: 2 }),
    );
    assert.equal(proxy.seen.length, 3);
  } finally {
    await proxy.close();
  }
});

test("eight at once", async () => {
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, i) =>
      client.chat.completions.create({ model, messages: user(`Say ${i}.`), max_tokens: 4 }),
    ),
  );
  assert.equal(new Set(answers.map((a) => a.id)).size, 8);
});
