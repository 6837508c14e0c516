// An agent's step with a long tool result, through the official client of Anthropic.
//
//   npm install brevis @anthropic-ai/sdk && ANTHROPIC_API_KEY=… node anthropic.js
import { readFileSync } from "node:fs";
import Anthropic from "@anthropic-ai/sdk";
import { wrapAnthropic } from "brevis/anthropic";

const testOutput = readFileSync(new URL("../data/samples/python-tests.txt", import.meta.url), "utf8");

const client = wrapAnthropic(new Anthropic(), {
  compress: { rate: 0.33 },
  onSavings: ({ saved }) => console.log(`tokens not sent: ${saved.old + saved.new}`),
});

const stream = client.messages.stream({
  model: process.env.MODEL ?? "claude-sonnet-5",
  max_tokens: 1000,
  messages: [
    { role: "user", content: "Run the tests. Which fail?" },
    { role: "assistant", content: [{ type: "tool_use", id: "toolu_1", name: "run_tests", input: {} }] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content: testOutput }] },
  ],
  tools: [{ name: "run_tests", input_schema: { type: "object" } }],
});
stream.on("text", (text) => process.stdout.write(text));
await stream.done();
console.log();
