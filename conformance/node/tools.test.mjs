// Function calling and structured output by the openai package for Node, against the running server.
import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { zodResponseFormat, zodResponsesFunction, zodTextFormat } from "openai/helpers/zod";
import { z } from "zod";
import { client, model, user } from "./server.mjs";

const City = z.object({ city: z.enum(["Paris", "Oslo"]), unit: z.enum(["C", "F"]) });
const Person = z.object({
  name: z.string().max(20),
  age: z.number().int(),
  mood: z.enum(["good", "bad"]),
});
const parameters = {
  type: "object",
  properties: {
    city: { type: "string", enum: ["Paris", "Oslo"] },
    unit: { type: "string", enum: ["C", "F"] },
  },
  required: ["city", "unit"],
  additionalProperties: false,
};
const weather = { name: "get_weather", description: "The weather of a city.", parameters };
const tools = [{ type: "function", function: weather }];
const messages = user("What is the weather in Paris, in degrees Celsius?");

test("a required call keeps its schema", async () => {
  const request = { model, messages, tools, tool_choice: "required", max_tokens: 128 };
  const { choices } = await client.chat.completions.create(request);
  assert.equal(choices[0].finish_reason, "tool_calls");
  for (const call of choices[0].message.tool_calls) City.parse(JSON.parse(call.function.arguments));
});

test("the stream helper puts calls together", async () => {
  const request = { model, messages, tools, tool_choice: "required", max_tokens: 128 };
  const final = await client.chat.completions.stream(request).finalChatCompletion();
  const calls = final.choices[0].message.tool_calls;
  assert.ok(calls.length > 0);
  for (const call of calls) City.parse(JSON.parse(call.function.arguments));
});

test("the tool runner calls, and sends the result back", async () => {
  const called = [];
  const runner = client.chat.completions.runTools(
    {
      model,
      messages,
      max_tokens: 128,
      tool_choice: { type: "function", function: { name: "get_weather" } },
      tools: [
        {
          type: "function",
          function: {
            ...weather,
            parse: JSON.parse,
            function: (city) => {
              called.push(City.parse(city));
              return "21 degrees";
            },
          },
        },
      ],
    },
    { maxChatCompletions: 2 },
  );
  await runner.done();
  assert.ok(called.length >= 1);
  assert.ok(runner.messages.some((m) => m.role === "tool" && m.content === "21 degrees"));
});

test("parse reads a zod object", async () => {
  const { choices } = await client.chat.completions.parse({
    model,
    messages: user("Invent a person."),
    max_tokens: 300,
    response_format: zodResponseFormat(Person, "person"),
  });
  Person.parse(choices[0].message.parsed);
});

test("responses: a zod object, and a zod function", async () => {
  const text = { format: zodTextFormat(Person, "person") };
  const limit = { model, max_output_tokens: 300 };
  const person = await client.responses.parse({ ...limit, input: "Invent a person.", text });
  Person.parse(person.output_parsed);
  const called = await client.responses.parse({
    ...limit,
    input: messages[0].content,
    tools: [zodResponsesFunction({ name: "get_weather", parameters: City })],
    tool_choice: "required",
  });
  const calls = called.output.filter((o) => o.type === "function_call");
  assert.ok(calls.length > 0);
  for (const call of calls) City.parse(call.parsed_arguments);
});

test("a schema that is none is refused by name", async () => {
  const schema = { type: "no-such-type" };
  const response_format = { type: "json_schema", json_schema: { name: "x", schema } };
  const refused = client.chat.completions.create({ model, messages, max_tokens: 8, response_format });
  await assert.rejects(refused, (e) => {
    assert.ok(e instanceof OpenAI.BadRequestError);
    assert.equal(e.param, "response_format.json_schema.schema");
    return true;
  });
});
