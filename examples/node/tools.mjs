// A function the model may call: it is run here, and its result goes back for the answer.
import OpenAI from "openai";

const client = new OpenAI({
  apiKey: process.env.XAI_API_KEY,
  baseURL: process.env.BASE_URL ?? "http://127.0.0.1:8080/v1",
});

const getWeather = ({ city, unit }) => ({ city, degrees: unit === "C" ? 21 : 70, sky: "clear" });

const tools = [
  {
    type: "function",
    function: {
      name: "get_weather",
      description: "The weather of a city.",
      parameters: {
        type: "object",
        properties: {
          city: { type: "string", maxLength: 40 },
          unit: { type: "string", enum: ["C", "F"] },
        },
        required: ["city", "unit"],
      },
    },
  },
];
const messages = [{ role: "user", content: "What is the weather in Oslo?" }];

// "required" makes it call; left out, the model decides.
const first = await client.chat.completions.create({
  model: "grok-4",
  messages,
  tools,
  tool_choice: "required",
  max_tokens: 128,
});
const { message } = first.choices[0];
messages.push(message);
for (const call of message.tool_calls) {
  console.log(call.function.name, call.function.arguments);
  const result = getWeather(JSON.parse(call.function.arguments));
  messages.push({ role: "tool", tool_call_id: call.id, content: JSON.stringify(result) });
}

const second = await client.chat.completions.create({
  model: "grok-4",
  messages,
  tools,
  tool_choice: "none",
  max_tokens: 64,
});
console.log(second.choices[0].message.content);
