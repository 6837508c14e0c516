// A long tool result through the official client of OpenAI.
//
//   npm install brevis openai && OPENAI_API_KEY=… node openai.js
import { readFileSync } from "node:fs";
import { wrapOpenAI } from "brevis/openai";
import OpenAI from "openai";

const testOutput = readFileSync(new URL("../data/samples/python-tests.txt", import.meta.url), "utf8");

const client = wrapOpenAI(new OpenAI(), {
  compress: { rate: 0.33 },
  onSavings: ({ saved }) => console.log(`tokens not sent: ${saved.old + saved.new}`),
});

const response = await client.responses.create({
  model: process.env.MODEL ?? "gpt-5.6",
  input: [
    { role: "user", content: "Run the tests. Which fail?" },
    { type: "function_call", call_id: "call_1", name: "run_tests", arguments: "{}" },
    { type: "function_call_output", call_id: "call_1", output: testOutput },
  ],
});
console.log(response.output_text);
