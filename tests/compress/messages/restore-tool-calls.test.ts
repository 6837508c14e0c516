import { describe, expect, it } from "vitest";
import { restoreToolCalls } from "../../../src/compress/messages/restore-tool-calls.js";
import { BrevisError } from "../../../src/errors.js";

const store = {
  async get(id: string) {
    if (id === "111122223333") return 'line "one"\nline two\n';
    throw new BrevisError("unknown-id", `There is no ${id}.`);
  },
};
const marked = "head\n[…2 lines #111122223333]\ntail";
const whole = 'head\nline "one"\nline two\ntail';

describe("restoreToolCalls", () => {
  it.each([
    [
      "Anthropic",
      (text: string) => ({
        role: "assistant",
        content: [{ type: "tool_use", id: "1", name: "w", input: { a: [{ text }], n: 1 } }],
      }),
    ],
    [
      "OpenAI chat",
      (text: string) => ({
        role: "assistant",
        tool_calls: [{ id: "1", function: { name: "w", arguments: JSON.stringify({ text }) } }],
      }),
    ],
    [
      "OpenAI responses",
      (text: string) => ({ type: "function_call", call_id: "1", arguments: JSON.stringify({ text }) }),
    ],
    ["an OpenAI custom tool", (text: string) => ({ type: "custom_tool_call", call_id: "1", input: text })],
    ["Gemini", (text: string) => ({ role: "model", parts: [{ functionCall: { name: "w", args: { text } } }] })],
  ])("puts originals in place of markers in the shape of %s", async (_, make) => {
    const message = make(marked);
    expect(await restoreToolCalls(message, { store })).toEqual(make(whole));
    expect(message).toEqual(make(marked));
  });

  it("gives the very message back where there is nothing to restore, big numbers and all", async () => {
    const message = { type: "function_call", arguments: '{ "n": 12345678901234567890, "text": "[…2 lines]" }' };
    expect(await restoreToolCalls(message, { store })).toBe(message);
  });

  it("refuses markers that the store does not know", async () => {
    const message = { type: "custom_tool_call", input: "[…2 lines #999922223333]" };
    await expect(restoreToolCalls(message, { store })).rejects.toMatchObject({ code: "unknown-id" });
    await expect(restoreToolCalls(message, {} as never)).rejects.toMatchObject({ code: "invalid-option" });
  });
});
