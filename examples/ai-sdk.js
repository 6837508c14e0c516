// An agent's loop of the AI SDK whose tool prints much. The model here is the AI SDK's own mock, so that this runs without a key:
// put `anthropic("claude-sonnet-5")` or another in its place.
//
//   npm install brevis ai && node ai-sdk.js
import { readFileSync } from "node:fs";
import { generateText, jsonSchema, stepCountIs, tool, wrapLanguageModel } from "ai";
import { MockLanguageModelV3 } from "ai/test";
import { brevisMiddleware } from "brevis/ai-sdk";

const testOutput = readFileSync(new URL("../data/samples/python-tests.txt", import.meta.url), "utf8");

/** @type {any[]} */
const answers = [
  {
    content: [{ type: "tool-call", toolCallId: "1", toolName: "runTests", input: "{}" }],
    finishReason: { unified: "tool-calls" },
  },
  { content: [{ type: "text", text: "Two tests fail." }], finishReason: { unified: "stop" } },
];
const mock = new MockLanguageModelV3({
  modelId: "claude-sonnet-5",
  doGenerate: async () => ({ usage: { inputTokens: {}, outputTokens: {} }, warnings: [], ...answers.shift() }),
});

const { text, steps } = await generateText({
  model: wrapLanguageModel({ model: mock, middleware: brevisMiddleware({ compress: { rate: 0.33 } }) }),
  tools: { runTests: tool({ inputSchema: jsonSchema({ type: "object" }), execute: async () => testOutput }) },
  prompt: "Run the tests. Which fail?",
  stopWhen: stepCountIs(3),
});
console.log(steps.at(-1)?.providerMetadata?.brevis);
console.log(text);
