// A server that plays a script instead of a model, and a proxy that hands its answers on in slices of
// random length: what the SDK's accumulators make of answers that are known.
import { execFile, spawn } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const PATIENCE = 120_000; // for a start
const LONGEST = 40; // bytes of a slice

/** Random whole numbers below a bound, the same for the same seed (mulberry32). */
export function randomBelow(seed) {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % bound;
  };
}

/** Starts a server by the launcher of conformance/run; the caller closes it. */
export async function scripted(script, ...options) {
  const jubal = process.env.JUBAL;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "jubal-scripted-"));
  const data = path.join(folder, "data");
  const file = path.join(folder, "script.json");
  fs.writeFileSync(file, JSON.stringify(script));
  const created = await promisify(execFile)(jubal, ["key", "create", "scripted", "--data-dir", data]);
  const log = fs.openSync(path.join(folder, "server.log"), "w");
  const port = options.includes("--port") ? [] : ["--port", "0"];
  const args = ["serve", ...port, "--offline", "--data-dir", data, `--models.script=${file}`];
  const server = spawn(jubal, [...args, ...options], { stdio: ["ignore", log, log] });
  const ended = new Promise((resolve) => server.once("exit", resolve));
  const url = await address(server, path.join(data, "server.json"));
  return {
    url,
    key: created.stdout.trim(),
    async close() {
      server.kill();
      await ended;
      fs.rmSync(folder, { recursive: true });
    },
  };
}

async function address(server, file) {
  const end = Date.now() + PATIENCE;
  while (Date.now() < end && server.exitCode === null) {
    try {
      return JSON.parse(fs.readFileSync(file, "utf8")).url.replace(/\/$/, "").replace(/\/v1$/, "");
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error("the scripted server did not start");
}

/** Forwards POSTs to a root; the same seed slices in the same places. */
export async function splitting(root, seed) {
  const below = randomBelow(seed);
  const proxy = http.createServer(async (request, response) => {
    const body = [];
    for await (const part of request) body.push(part);
    const { authorization, "content-type": type } = request.headers;
    const answer = await fetch(root + request.url, {
      method: "POST",
      headers: { authorization, "content-type": type },
      body: Buffer.concat(body),
    });
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") });
    for await (const piece of answer.body) {
      for (let from = 0; from < piece.length; ) {
        const to = from + 1 + below(LONGEST);
        response.write(piece.subarray(from, to));
        from = to;
        await new Promise(setImmediate); // or slices would leave together
      }
    }
    response.end();
  });
  await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${proxy.address().port}`,
    close() {
      proxy.closeAllConnections();
      return new Promise((resolve) => proxy.close(resolve));
    },
  };
}
