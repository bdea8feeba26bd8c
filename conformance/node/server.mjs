// The running server as the tests see it. BASE_URL ends in /v1; API_KEY is a key without restrictions.
import http from "node:http";
import OpenAI from "openai";

function needed(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set (expected: that of a running server; see conformance/run)`);
  return value;
}

export const baseURL = needed("BASE_URL").replace(/\/$/, "");
export const root = baseURL.replace(/\/v1$/, "");
export const apiKey = needed("API_KEY");
export const model = process.env.MODEL ?? "grok-4-fast-non-reasoning";
export const embeddingModel = process.env.EMBED_MODEL ?? "grok-embed";

// No retries: a test must see the first answer.
export const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });

export const user = (content) => [{ role: "user", content }];

/**
 * A proxy that answers with each [status, headers] once, then forwards. Its `seen` has the request
 * headers and `answered` the status and headers of each answer, in order.
 */
export async function flaky(failures) {
  const pending = [...failures];
  const seen = [];
  const answered = [];
  const proxy = http.createServer(async (request, response) => {
    const body = [];
    for await (const part of request) body.push(part);
    seen.push(request.headers);
    if (pending.length > 0) {
      const [status, headers = {}] = pending.shift();
      answered.push({ status, headers });
      response.writeHead(status, { ...headers, "content-type": "application/json" });
      response.end(JSON.stringify({ error: { message: "not now", type: "server_error" } }));
      return;
    }
    const sent = {};
    for (const name of ["authorization", "content-type", "x-request-id"]) {
      if (request.headers[name]) sent[name] = request.headers[name];
    }
    const answer = await fetch(root + request.url, {
      method: request.method,
      headers: sent,
      body: Buffer.concat(body),
    });
    answered.push({ status: answer.status, headers: Object.fromEntries(answer.headers) });
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${proxy.address().port}`,
    seen,
    answered,
    async [Symbol.asyncDispose]() {
      await this.close();
    },
    close() {
      proxy.closeAllConnections();
      return new Promise((resolve) => proxy.close(resolve));
    },
  };
}
