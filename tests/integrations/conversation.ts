/** Conversations with a tool, in the shape of each provider's request: what the model said in between, and what the tool printed. */
import { writeToolResult } from "../serve/proxy/open-test-proxy.js";

const said = "I run it again.";

export const conversations: Readonly<Record<string, (results: number) => unknown[]>> = {
  anthropic: (results) => [
    { role: "user", content: "What failed?" },
    ...numbersTo(results).flatMap((seed) => [
      { role: "assistant", content: [{ type: "text", text: said }, call(seed)] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: `t${seed}`, content: writeToolResult(seed) }] },
    ]),
  ],
  chat: (results) => [
    { role: "user", content: "What failed?" },
    ...numbersTo(results).flatMap((seed) => [
      {
        role: "assistant",
        content: said,
        tool_calls: [{ id: `t${seed}`, type: "function", function: { name: "run", arguments: "{}" } }],
      },
      { role: "tool", tool_call_id: `t${seed}`, content: writeToolResult(seed) },
    ]),
  ],
  responses: (results) => [
    { role: "user", content: "What failed?" },
    ...numbersTo(results).flatMap((seed) => [
      { type: "function_call", call_id: `t${seed}`, name: "run", arguments: "{}" },
      { type: "function_call_output", call_id: `t${seed}`, output: writeToolResult(seed) },
    ]),
  ],
  gemini: (results) => [
    { role: "user", parts: [{ text: "What failed?" }] },
    ...numbersTo(results).flatMap((seed) => [
      { role: "model", parts: [{ functionCall: { name: "run", args: {} } }] },
      {
        role: "user",
        parts: [{ functionResponse: { name: "run", response: { output: writeToolResult(seed) } } }],
      },
    ]),
  ],
};

function call(seed: number) {
  return { type: "tool_use", id: `t${seed}`, name: "run", input: {} };
}

function numbersTo(last: number): number[] {
  return Array.from({ length: last }, (_, at) => at + 1);
}
