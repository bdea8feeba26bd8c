// The accumulators of the openai package for Node, and its zod helpers, on known answers cut at
// random. Run one seed again with SPLIT_SEED=N.
import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { zodResponseFormat, zodTextFormat } from "openai/helpers/zod";
import { z } from "zod";
import { randomBelow, scripted, splitting } from "./scripted.mjs";

const ROUNDS = 15;
const given = Number(process.env.SPLIT_SEED ?? 0);
const first = given || 1 + Math.floor(Math.random() * 2 ** 30);
const seeds = Array.from({ length: given ? 1 : ROUNDS }, (_, i) => first + i);

const TEXTS = ["Hel", "lo ", "wörld", "🙂", "\n\n", '"', "data: x", "\\u0041", "\u2028"];
const NAMES = ["f0", "f1", "f2"];
const parameters = {
  type: "object",
  properties: { a: { type: "string" } },
  required: ["a"],
  additionalProperties: false,
};
const Person = z.object({ name: z.string(), age: z.number().int(), tags: z.array(z.string()) });
const messages = [{ role: "user", content: "Hi." }];

function steps(below, choices) {
  const text = () => TEXTS[below(TEXTS.length)];
  const out = [];
  for (let choice = 0; choice < choices; choice++) {
    for (let i = below(7); i > 0; i--) out.push({ text: text(), choice });
  }
  for (let i = below(5); i > 0; i--) {
    const call = {
      id: `call_${String(below(10 ** 8)).padStart(8, "0")}`,
      name: NAMES[below(NAMES.length)],
      arguments: JSON.stringify({ a: text() + text() }),
      split: 1 + below(9),
      seed: below(2 ** 30),
    };
    out.push({ call, choice: below(choices) });
  }
  return out;
}

function person(below) {
  const text = JSON.stringify({ name: TEXTS.join(""), age: below(99), tags: TEXTS });
  const out = [];
  for (let from = 0; from < text.length; ) {
    let to = from + 1 + below(20);
    if (/[\ud800-\udbff]/.test(text[to - 1] ?? "")) to++; // a script is made of whole characters
    out.push({ text: text.slice(from, to) });
    from = to;
  }
  return out;
}

/** For each seed a chat, a response and a person, each once whole and once streamed. */
const answers = seeds.flatMap((seed) => {
  const below = randomBelow(seed);
  const chat = { steps: steps(below, 1 + (seed % 3)) };
  const response = { steps: steps(below, 1) };
  const one = { steps: person(below) };
  return [chat, chat, response, response, one, one, one, one];
});

const said = (completion) =>
  completion.choices.map((c) => ({
    index: c.index,
    finish: c.finish_reason,
    role: c.message.role,
    content: c.message.content ?? "",
    calls: (c.message.tool_calls ?? []).map((t) => [t.id, t.type, t.function.name, t.function.arguments]),
  }));

const items = (response) =>
  response.output.map((item) =>
    item.type === "function_call"
      ? [item.type, item.status, item.call_id, item.name, item.arguments]
      : [item.type, item.status, item.content.map((p) => p.text)],
  );

async function chat(whole, sliced, seed) {
  const tools = NAMES.map((name) => ({ type: "function", function: { name, parameters } }));
  const request = { model: "grok-4", messages, tools, n: 1 + (seed % 3) };
  const expected = await whole.chat.completions.create(request);
  const final = await sliced.chat.completions.stream(request).finalChatCompletion();
  assert.deepEqual(said(final), said(expected), `SPLIT_SEED=${seed}`);
}

async function responses(whole, sliced, seed) {
  const tools = NAMES.map((name) => ({ type: "function", name, parameters }));
  const request = { model: "grok-4", input: "Hi.", tools };
  const expected = await whole.responses.create(request);
  let deltas = "";
  const stream = sliced.responses.stream(request);
  stream.on("response.function_call_arguments.delta", (e) => {
    deltas += e.delta;
  });
  assert.deepEqual(items(await stream.finalResponse()), items(expected), `SPLIT_SEED=${seed}`);
  const calls = expected.output.filter((i) => i.type === "function_call");
  assert.equal(deltas, calls.map((c) => c.arguments).join(""), `SPLIT_SEED=${seed}`);
}

async function parsed(whole, sliced, seed) {
  const request = { model: "grok-4", messages, response_format: zodResponseFormat(Person, "person") };
  const expected = (await whole.chat.completions.parse(request)).choices[0].message.parsed;
  Person.parse(expected);
  const final = await sliced.chat.completions.stream(request).finalChatCompletion();
  assert.deepEqual(final.choices[0].message.parsed, expected, `SPLIT_SEED=${seed}`);
  const text = { format: zodTextFormat(Person, "person") };
  const again = await whole.responses.parse({ model: "grok-4", input: "A person.", text });
  assert.deepEqual(again.output_parsed, expected, `SPLIT_SEED=${seed}`);
  const stream = sliced.responses.stream({ model: "grok-4", input: "A person.", text });
  assert.deepEqual((await stream.finalResponse()).output_parsed, expected, `SPLIT_SEED=${seed}`);
}

const skip = process.env.JUBAL ? false : "JUBAL names no launcher to start a scripted server with";

for (const deltas of ["xai", "openai"]) {
  test(`accumulators on split answers, compat.tool-deltas=${deltas}`, { skip }, async () => {
    const server = await scripted({ answers }, `--compat.tool-deltas=${deltas}`);
    const proxy = await splitting(server.url, first);
    try {
      const to = (root) => new OpenAI({ baseURL: `${root}/v1`, apiKey: server.key, maxRetries: 0 });
      const [whole, sliced] = [to(server.url), to(proxy.url)];
      for (const seed of seeds) {
        await chat(whole, sliced, seed); // in turn, as the script is played
        await responses(whole, sliced, seed);
        await parsed(whole, sliced, seed);
      }
    } finally {
      await proxy.close();
      await server.close();
    }
  });
}
