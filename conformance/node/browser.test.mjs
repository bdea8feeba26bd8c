// Pages in a real browser (CHROMIUM names it; else /usr/bin/chromium): from an origin that the server lists, and from
// one that it does not. Without a browser the same is asked as a browser would ask.
import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import { after, before, test } from "node:test";
import { scripted } from "./scripted.mjs";

const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";
const skip = fs.existsSync(chromium) ? false : `${chromium} is not there (apt-get install chromium, or set CHROMIUM)`;

async function page() {
  const server = http.createServer((_, response) => {
    response.setHeader("content-type", "text/html");
    response.end("<!doctype html><title>a page</title>");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

let listed, other, server;

before(async () => {
  listed = await page();
  other = await page();
  server = await scripted({ answers: [{ steps: [{ text: "Hi" }] }] }, `--cors.origins=${listed.origin}`);
});

after(async () => {
  listed?.close();
  other?.close();
  await server?.close();
});

async function token(change = {}) {
  const made = await fetch(`${server.url}/v1/client-tokens`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${server.key}` },
    body: JSON.stringify({ endpoints: ["chat", "responses"], ...change }),
  });
  assert.equal(made.status, 200, await made.clone().text());
  return (await made.json()).value;
}

// Runs in the page.
async function ask({ url, secret }) {
  try {
    const answer = await fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${secret}` },
      body: JSON.stringify({ model: "grok-3", messages: [{ role: "user", content: "Hi" }] }),
    });
    const body = await answer.json();
    return {
      status: answer.status,
      text: body.choices?.[0].message.content ?? body.error.message,
      id: answer.headers.get("x-request-id"),
      left: answer.headers.get("x-ratelimit-remaining-requests"),
    };
  } catch (error) {
    return { failed: String(error) };
  }
}

// Runs in the page: a WebSocket can send nothing but subprotocols.
function open({ url, secret }) {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${url.replace("http", "ws")}/v1/responses`, [`xai-client-secret.${secret}`]);
    socket.onerror = () => resolve({ failed: true });
    socket.onopen = () => {
      socket.onmessage = ({ data }) => {
        const event = JSON.parse(data);
        if (event.type === "response.completed" || event.type === "error") {
          socket.close();
          resolve({ type: event.type });
        }
      };
      socket.send(JSON.stringify({ type: "response.create", model: "grok-3", input: "Hi" }));
    };
  });
}

async function inPage(origin, work, argument) {
  const { chromium: driver } = await import("playwright-core");
  const browser = await driver.launch({ executablePath: chromium, args: ["--no-sandbox"] });
  try {
    const tab = await browser.newPage();
    await tab.goto(origin);
    return await tab.evaluate(work, argument);
  } finally {
    await browser.close();
  }
}

test("a page of a listed origin gets its answer and reads its headers", { skip }, async () => {
  const secret = await token({ origin: listed.origin });
  const answer = await inPage(listed.origin, ask, { url: server.url, secret });
  assert.equal(answer.status, 200, JSON.stringify(answer));
  assert.equal(answer.text, "Hi");
  assert.match(answer.id, /^[0-9a-f-]{36}$/);
});

test("a page of another origin gets nothing", { skip }, async () => {
  const answer = await inPage(other.origin, ask, { url: server.url, secret: await token() });
  assert.match(answer.failed, /Failed to fetch/);
});

test("a listed page with a token of another reads why it is refused", { skip }, async () => {
  const secret = await token({ origin: "https://app.example.com" });
  const answer = await inPage(listed.origin, ask, { url: server.url, secret });
  assert.equal(answer.status, 403);
  assert.match(answer.text, /was made for pages of https:\/\/app\.example\.com/);
});

test("a WebSocket from a listed page, by its subprotocol", { skip }, async () => {
  const answer = await inPage(listed.origin, open, { url: server.url, secret: await token() });
  assert.deepEqual(answer, { type: "response.completed" });
});

test("no WebSocket from another page", { skip }, async () => {
  const answer = await inPage(other.origin, open, { url: server.url, secret: await token() });
  assert.deepEqual(answer, { failed: true });
});

test("the same without a browser", async () => {
  const preflight = (origin) =>
    fetch(`${server.url}/v1/chat/completions`, {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type",
      },
    });
  const may = await preflight(listed.origin);
  assert.equal(may.status, 204);
  assert.equal(may.headers.get("access-control-allow-origin"), listed.origin);
  const mayNot = await preflight(other.origin);
  assert.equal(mayNot.status, 403);
  assert.equal(mayNot.headers.get("access-control-allow-origin"), null);
});
