// The Anthropic dialect as Node programs use it: the official SDK, and the AI SDK's provider.
import assert from "node:assert/strict";
import { test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import { createAnthropic } from "@ai-sdk/anthropic";
import { generateText, jsonSchema, streamText, tool } from "ai";
import { apiKey, baseURL, model, root } from "./server.mjs";

const claude = new Anthropic({ baseURL: root, apiKey, maxRetries: 0 });
const provider = createAnthropic({ baseURL, apiKey })(model);
const schema = {
  type: "object",
  properties: { city: { type: "string", enum: ["Paris", "Oslo"] } },
  required: ["city"],
  additionalProperties: false,
};
const ask = [{ role: "user", content: "What is the weather in Paris?" }];

test("a stream of the official SDK is a message", async () => {
  const stream = claude.messages.stream({
    model,
    max_tokens: 24,
    messages: [{ role: "user", content: "Say hello." }],
  });
  let text = "";
  stream.on("text", (delta) => (text += delta));
  const message = await stream.finalMessage();
  assert.equal(message.content.map((b) => b.text).join(""), text);
  assert.ok(text.length > 0 && message.usage.output_tokens > 0);
  assert.ok(["end_turn", "max_tokens"].includes(message.stop_reason));
});

test("a call, whole and streamed", async () => {
  const asked = {
    model,
    max_tokens: 96,
    messages: ask,
    tools: [{ name: "get_weather", description: "The weather of a city.", input_schema: schema }],
    tool_choice: { type: "any" },
  };
  const messages = [
    await claude.messages.create(asked),
    await claude.messages.stream(asked).finalMessage(),
  ];
  for (const message of messages) {
    assert.equal(message.stop_reason, "tool_use");
    const call = message.content.find((b) => b.type === "tool_use");
    assert.ok(["Paris", "Oslo"].includes(call.input.city));
  }
});

test("tokens are counted", async () => {
  const { input_tokens } = await claude.messages.countTokens({ model, messages: ask });
  assert.ok(input_tokens > 5);
});

test("errors have their class and their id", async () => {
  const wrong = new Anthropic({ baseURL: root, apiKey: "xai-wrong", maxRetries: 0 });
  const asked = { model, max_tokens: 1, messages: ask };
  await assert.rejects(wrong.messages.create(asked), (e) => {
    assert.ok(e instanceof Anthropic.AuthenticationError);
    assert.equal(e.error.error.type, "authentication_error");
    assert.equal(e.error.request_id, e.requestID);
    return true;
  });
  await assert.rejects(
    claude.messages.create({ ...asked, model: "no-such-model" }),
    Anthropic.NotFoundError,
  );
});

test("the AI SDK makes text, streams it, and calls a tool", async () => {
  const prompt = "Say hello.";
  const whole = await generateText({ model: provider, prompt, maxOutputTokens: 16 });
  assert.ok(whole.text.length > 0 && whole.usage.inputTokens > 0);
  const streamed = streamText({ model: provider, prompt, maxOutputTokens: 16 });
  let text = "";
  for await (const delta of streamed.textStream) text += delta;
  assert.equal(text, await streamed.text);
  assert.ok((await streamed.usage).outputTokens > 0);
  const called = await generateText({
    model: provider,
    prompt: "What is the weather in Paris?",
    maxOutputTokens: 96,
    tools: {
      get_weather: tool({ description: "The weather.", inputSchema: jsonSchema(schema) }),
    },
    toolChoice: "required",
  });
  assert.equal(called.finishReason, "tool-calls");
  assert.ok(["Paris", "Oslo"].includes(called.toolCalls[0].input.city));
});
