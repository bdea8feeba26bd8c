import OpenAI from "openai";

const client = new OpenAI({ apiKey: process.env.XAI_API_KEY, baseURL: "https://api.x.ai/v1" });

const completion = await client.chat.completions.create({
  model: "grok-2-1212",
  messages: [
    { role: "system", content: "You are a helpful assistant." },
    { role: "user", content: "What is the capital of France?" },
  ],
  max_tokens: 64,
});
console.log(completion.choices[0].message.content);
