// An answer that always satisfies a schema, streamed.
import OpenAI from "openai";

const client = new OpenAI({
  apiKey: process.env.XAI_API_KEY,
  baseURL: process.env.BASE_URL ?? "http://127.0.0.1:8080/v1",
});

const schema = {
  type: "object",
  properties: {
    name: { type: "string", maxLength: 40 },
    age: { type: "integer", minimum: 0, maximum: 150 },
    city: { type: "string", maxLength: 40 },
  },
  required: ["name", "age", "city"],
};

const stream = await client.chat.completions.create({
  model: "grok-4",
  messages: [{ role: "user", content: "Ann Lee, aged 34, lives in Oslo." }],
  max_tokens: 200,
  response_format: { type: "json_schema", json_schema: { name: "person", schema } },
  stream: true,
});
let text = "";
for await (const chunk of stream) text += chunk.choices[0]?.delta?.content ?? "";
const person = JSON.parse(text);
console.log(`${person.name}, ${person.age}, of ${person.city}`);
