import { randomUUID } from "node:crypto";

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function grok(body, tries = 4) {
  for (let i = 0; ; i++) {
    const response = await fetch("https://api.x.ai/v1/responses", {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Authorization: `Bearer ${process.env.XAI_API_KEY}`,
        "X-Request-Id": randomUUID(),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(45_000),
    });
    if (response.ok) return response.json();
    const retryable = response.status === 429 || response.status >= 500;
    if (!retryable || i + 1 >= tries) {
      throw new Error(`${response.status}: ${await response.text()}`);
    }
    await sleep(Math.min(2000 * 2 ** i, 15_000) + Math.random() * 250);
  }
}

const answer = await grok({
  model: "grok-4-1-fast-reasoning",
  input: [
    { role: "system", content: "You answer in one short sentence." },
    { role: "user", content: "What is the capital of France?" },
  ],
  max_output_tokens: 64,
});
console.log(answer.output.flatMap((item) => item.content ?? []).map((part) => part.text).join(""));
