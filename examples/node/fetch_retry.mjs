// Plain fetch with a request id and retries. 429 and 5xx may pass, so they are tried again with
// growing pauses; any other 4xx will not, so it is not.
import { randomUUID } from "node:crypto";
import { pathToFileURL } from "node:url";

/**
 * Posts JSON and returns the JSON of the answer. Times are milliseconds: the pause after try i is
 * min(baseDelay * 2^i, cap), and up to `jitter` more so that many clients do not come back at once.
 */
export async function postWithRetries(url, body, options) {
  const {
    apiKey,
    tries = 4,
    baseDelay = 2000,
    cap = 15_000,
    jitter = 250,
    timeout = 45_000,
    fetch = globalThis.fetch,
  } = options;
  const requestId = randomUUID(); // one for all tries: they are one request to whoever reads the log
  for (let i = 0; ; i++) {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Authorization: `Bearer ${apiKey}`,
        "X-Request-Id": requestId,
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeout),
    });
    if (response.ok) return response.json();
    const text = await response.text();
    const mayPass = response.status === 429 || response.status >= 500;
    if (!mayPass || i + 1 >= tries) {
      throw new Error(`${response.status}, request ${requestId}: ${text}`);
    }
    const pause = Math.min(baseDelay * 2 ** i, cap) + Math.random() * jitter;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const baseURL = process.env.BASE_URL ?? "http://127.0.0.1:8080/v1";
  const answer = await postWithRetries(
    `${baseURL}/chat/completions`,
    {
      model: "grok-4",
      messages: [{ role: "user", content: "What is the capital of France?" }],
      max_tokens: 64,
    },
    { apiKey: process.env.XAI_API_KEY },
  );
  console.log(answer.choices[0].message.content);
}
