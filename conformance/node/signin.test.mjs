// Operators sign in by a provider that others wrote: oidc-provider, a certified OpenID Connect implementation.
import assert from "node:assert/strict";
import http from "node:http";
import net from "node:net";
import { after, before, test } from "node:test";
import Provider from "oidc-provider";
import { scripted } from "./scripted.mjs";

const groups = { anna: ["ops", "everyone"], bert: ["everyone"], eve: ["strangers"] };

async function freePort() {
  const socket = net.createServer();
  await new Promise((resolve) => socket.listen(0, "127.0.0.1", resolve));
  const { port } = socket.address();
  await new Promise((resolve) => socket.close(resolve));
  return port;
}

async function issuer(callback) {
  const port = await freePort();
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [{ client_id: "jubal", client_secret: "a secret of 32 characters at least", redirect_uris: [callback] }],
    pkce: { required: () => true },
    claims: { openid: ["sub"], email: ["email"], profile: ["name"], groups: ["groups"] },
    cookies: { keys: ["a key of cookies"] },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@example.com`, name: id, groups: groups[id] ?? [] }),
    }),
  });
  const server = http.createServer(provider.callback());
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${port}`, close: () => (server.closeAllConnections(), server.close()) };
}

/** A browser as far as a sign-in needs one: cookies by port, redirects, the forms of the provider. */
class Browser {
  #jar = new Map();

  async fetch(url, options = {}) {
    const { origin } = new URL(url);
    const jar = this.#jar.get(origin) ?? new Map();
    this.#jar.set(origin, jar);
    const answer = await fetch(url, {
      ...options,
      redirect: "manual",
      headers: { ...options.headers, cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; ") },
    });
    for (const text of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(text);
      if (value === "" || /max-age=0|expires=thu, 01 jan 1970/i.test(text)) jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  }

  async go(url, options) {
    let answer = await this.fetch(url, options);
    for (let i = 0; i < 20 && answer.headers.has("location"); i++) {
      url = new URL(answer.headers.get("location"), url).href;
      answer = await this.fetch(url);
    }
    return { answer, url };
  }

  async form(url, fields) {
    return this.go(url, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(fields).toString(),
    });
  }

  /** From the server's login to wherever it ends: a page of the server, or an error. */
  async signIn(root, login) {
    let { answer, url } = await this.go(`${root}/auth/oidc/login`);
    for (let i = 0; i < 3 && url.includes("/interaction/"); i++) {
      const page = await answer.text();
      const prompt = /name="prompt" value="(\w+)"/.exec(page)[1];
      const action = new URL(/action="([^"]+)"/.exec(page)[1], url).href;
      ({ answer, url } = await this.form(action, { prompt, ...(prompt === "login" ? { login, password: "x" } : {}) }));
    }
    return answer;
  }
}

let provider, server, root;

before(async () => {
  const port = await freePort();
  root = `http://127.0.0.1:${port}`;
  provider = await issuer(`${root}/auth/oidc/callback`);
  server = await scripted(
    { answers: [{ steps: [{ text: "Hi" }] }] },
    "--port",
    String(port),
    `--oidc.issuer=${provider.url}`,
    "--oidc.client-id=jubal",
    "--oidc.client-secret=a secret of 32 characters at least",
    `--oidc.public-url=${root}`,
    "--oidc.scopes=openid email groups",
    "--oidc.roles=ops=admin,everyone=viewer",
  );
});

after(async () => {
  await server?.close();
  provider?.close();
});

test("an operator signs in, works and signs out", async () => {
  const browser = new Browser();
  const me = await browser.signIn(root, "anna");
  assert.equal(me.status, 200, await me.clone().text());
  const who = await me.json();
  assert.equal(who.name, "anna@example.com");
  assert.equal(who.issuer, provider.url);
  assert.deepEqual(who.groups, ["everyone", "ops"]);
  assert.equal((await browser.fetch(`${root}/auth/teams`)).status, 200);
  const make = (headers) =>
    browser.fetch(`${root}/auth/teams`, { method: "POST", headers, body: JSON.stringify({ name: "by a page" }) });
  assert.equal((await make({})).status, 403);
  assert.equal((await make({ "x-csrf-token": who.csrf_token })).status, 200);
  const out = await browser.fetch(`${root}/auth/oidc/logout`, {
    method: "POST",
    headers: { "x-csrf-token": who.csrf_token },
  });
  assert.equal(out.status, 200);
  assert.equal((await browser.fetch(`${root}/auth/teams`)).status, 401);
});

test("a viewer reads and changes nothing", async () => {
  const browser = new Browser();
  const who = await (await browser.signIn(root, "bert")).json();
  assert.ok(who.rights.includes("teams:read") && !who.rights.includes("teams:write"));
  assert.equal((await browser.fetch(`${root}/auth/teams`)).status, 200);
  const made = await browser.fetch(`${root}/auth/teams`, {
    method: "POST",
    headers: { "x-csrf-token": who.csrf_token },
    body: JSON.stringify({ name: "by a viewer" }),
  });
  assert.equal(made.status, 403);
});

test("whoever has no role stays outside", async () => {
  const browser = new Browser();
  const refused = await browser.signIn(root, "eve");
  assert.equal(refused.status, 403);
  assert.match((await refused.json()).error.message, /may do nothing here/);
  assert.equal((await browser.fetch(`${root}/auth/teams`)).status, 401);
});
