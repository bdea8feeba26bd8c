// A page must not hold an API key. The part that runs on your server makes a token for one of your users; the page
// gets that, and can do no more with it than the token says, for five minutes.
const base = (process.env.BASE_URL ?? "http://127.0.0.1:8080/v1").replace(/\/$/, "");
const model = process.env.MODEL ?? "grok-4-fast-non-reasoning";

async function json(response) {
  const body = await response.json();
  if (!response.ok) throw new Error(`${response.status}: ${body.error?.message ?? body.error}`);
  return body;
}

const post = (path, secret, body) =>
  fetch(`${base}${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${secret}` },
    body: JSON.stringify(body),
  });

// On your server, for whoever is signed in there. With "origin": "https://app.example.com" the token is good in pages of
// yours alone, which cors.origins must list; Node sends no Origin, so that is left out here.
async function tokenFor(user) {
  const made = await json(
    await post("/client-tokens", process.env.XAI_API_KEY, {
      expires_after: { seconds: 300 },
      models: [model],
      endpoints: ["chat"],
      user,
    }),
  );
  return made.value;
}

// In the page.
async function ask(token, text) {
  const answer = await json(
    await post("/chat/completions", token, {
      model,
      max_tokens: 16,
      messages: [{ role: "user", content: text }],
    }),
  );
  return answer.choices[0].message.content;
}

const token = await tokenFor("customer-7");
console.log(await ask(token, "Say hello."));

// What the token does not say, it does not do.
const more = await post("/client-tokens", token, {});
console.log(`another token by this one: ${more.status}`);
