// A picture in a data URL through the openai package for Node: looked at, counted, refused by its field.
import assert from "node:assert/strict";
import { test } from "node:test";
import zlib from "node:zlib";
import OpenAI from "openai";
import { client, model } from "./server.mjs";

const crcs = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});
const crc = (bytes) => ~bytes.reduce((sum, byte) => crcs[(sum ^ byte) & 0xff] ^ (sum >>> 8), ~0) >>> 0;

function part(name, data) {
  const named = Buffer.concat([Buffer.from(name), data]);
  const [length, sum] = [data.length, crc(named)].map((value) => {
    const four = Buffer.alloc(4);
    four.writeUInt32BE(value);
    return four;
  });
  return Buffer.concat([length, named, sum]);
}

/** A blue PNG as a data URL. */
function png(width, height) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.concat([Buffer.from([0]), ...Array(width).fill(Buffer.from([0x20, 0x50, 0xd0]))]);
  const file = Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    part("IHDR", head),
    part("IDAT", zlib.deflateSync(Buffer.concat(Array(height).fill(row)))),
    part("IEND", Buffer.alloc(0)),
  ]);
  return `data:image/png;base64,${file.toString("base64")}`;
}

const question = "Which colour is it?";

test("chat looks at a picture and counts it", async () => {
  const content = [
    { type: "text", text: question },
    { type: "image_url", image_url: { url: png(40, 20) } },
  ];
  const answer = await client.chat.completions.create({
    model,
    max_tokens: 8,
    messages: [{ role: "user", content }],
  });
  assert.equal(answer.usage.prompt_tokens_details.image_tokens, 512);
  assert.ok(answer.choices[0].message.content.length > 0);
});

test("responses look at a picture, whole and streamed", async () => {
  const asked = {
    model,
    max_output_tokens: 16,
    input: [
      {
        role: "user",
        content: [
          { type: "input_text", text: question },
          { type: "input_image", image_url: png(40, 20), detail: "auto" },
        ],
      },
    ],
  };
  const whole = await client.responses.create(asked);
  assert.ok(whole.output_text.length > 0);
  let streamed = "";
  for await (const event of await client.responses.create({ ...asked, stream: true })) {
    if (event.type === "response.output_text.delta") streamed += event.delta;
  }
  assert.ok(streamed.length > 0);
});

test("what is no picture is refused by its field", async () => {
  const content = [
    { type: "text", text: question },
    { type: "image_url", image_url: { url: "data:image/png;base64,aGVsbG8=" } },
  ];
  await assert.rejects(
    client.chat.completions.create({ model, max_tokens: 8, messages: [{ role: "user", content }] }),
    (error) => {
      assert.ok(error instanceof OpenAI.BadRequestError);
      assert.match(`${error.param} ${error.message}`, /image_url/);
      return true;
    },
  );
});
