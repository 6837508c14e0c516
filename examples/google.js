// A long function result through the official client of Google.
//
//   npm install brevis @google/genai && GEMINI_API_KEY=… node google.js
import { readFileSync } from "node:fs";
import { GoogleGenAI } from "@google/genai";
import { wrapGoogle } from "brevis/google";

const testOutput = readFileSync(new URL("../data/samples/python-tests.txt", import.meta.url), "utf8");

const client = wrapGoogle(new GoogleGenAI({}), {
  compress: { rate: 0.33 },
  onSavings: ({ saved }) => console.log(`tokens not sent: ${saved.old + saved.new}`),
});

const answer = await client.models.generateContent({
  model: process.env.MODEL ?? "gemini-3.5-flash",
  contents: [
    { role: "user", parts: [{ text: "Run the tests. Which fail?" }] },
    { role: "model", parts: [{ functionCall: { name: "run_tests", args: {} } }] },
    { role: "user", parts: [{ functionResponse: { name: "run_tests", response: { output: testOutput } } }] },
  ],
});
console.log(answer.text);
