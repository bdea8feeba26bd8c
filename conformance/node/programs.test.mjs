// Whole programs: client code written for api.x.ai with only host and key changed, and examples/node.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { apiKey, baseURL, flaky, root } from "./server.mjs";

const here = import.meta.dirname;
const documented = path.join(here, "..", "documented");
const examples = path.join(here, "..", "..", "examples", "node");
const HOST = "https://api.x.ai";

// Programs find the SDK beside themselves.
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "jubal-programs-"));
fs.symlinkSync(path.join(here, "node_modules"), path.join(folder, "node_modules"));
after(() => fs.rmSync(folder, { recursive: true }));

async function run(name, text) {
  const program = path.join(folder, name);
  fs.writeFileSync(program, text);
  const { stdout } = await promisify(execFile)(process.execPath, [program], {
    env: { ...process.env, XAI_API_KEY: apiKey, BASE_URL: baseURL },
    timeout: 180_000,
  });
  assert.ok(stdout.trim());
  return stdout;
}

function moved(name, to) {
  const text = fs.readFileSync(path.join(documented, name), "utf8");
  assert.equal(text.split(HOST).length, 2);
  return text.replace(HOST, to);
}

test("documented: the SDK", () => run("openai_sdk.mjs", moved("openai_sdk.mjs", root)));

test("documented: fetch with X-Request-Id", () => run("node_fetch.mjs", moved("node_fetch.mjs", root)));

test("documented: fetch rides out a 429 and a 503", async () => {
  const proxy = await flaky([[429], [503]]);
  try {
    await run("node_fetch_flaky.mjs", moved("node_fetch.mjs", proxy.url));
    assert.deepEqual(proxy.answered.map((a) => a.status), [429, 503, 200]);
    const { headers } = proxy.answered[2];
    assert.equal(headers["x-client-request-id"], proxy.seen[2]["x-request-id"]);
  } finally {
    await proxy.close();
  }
});

for (const name of fs.readdirSync(examples).filter((n) => n.endsWith(".mjs"))) {
  test(`examples/node/${name}`, async () => {
    const text = fs.readFileSync(path.join(examples, name), "utf8");
    assert.doesNotMatch(await run(name, text), /"error":\{/);
  });
}

test("examples use the SDK that is tested here", () => {
  const pinned = (file) => JSON.parse(fs.readFileSync(file, "utf8")).dependencies.openai;
  assert.equal(
    pinned(path.join(examples, "package.json")),
    pinned(path.join(here, "package.json")),
  );
});
