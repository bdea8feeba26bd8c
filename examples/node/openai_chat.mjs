// The OpenAI SDK: a chat completion, a stream, and the Responses API.
import OpenAI from "openai";

const client = new OpenAI({
  apiKey: process.env.XAI_API_KEY,
  baseURL: process.env.BASE_URL ?? "http://127.0.0.1:8080/v1",
});

const completion = await client.chat.completions.create({
  model: "grok-4",
  messages: [
    { role: "system", content: "Answer in one short sentence." },
    { role: "user", content: "What is the capital of France?" },
  ],
  max_tokens: 64,
});
console.log(completion.choices[0].message.content);

const stream = await client.chat.completions.create({
  model: "grok-4",
  messages: [{ role: "user", content: "Count from 1 to 5." }],
  max_tokens: 64,
  stream: true,
});
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? "");
process.stdout.write("\n");

const response = await client.responses.create({
  model: "grok-4",
  instructions: "Answer in one short sentence.",
  input: "Why is the sky blue?",
  max_output_tokens: 64,
});
console.log(response.output_text);
