import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { compressMessages } from "../../../src/compress/messages/compress-messages.js";
import { openStore } from "../../../src/store/open-store.js";

const log = Array.from(
  { length: 60 },
  (_, index) => `12:00:${index} INFO worker ${index % 5} finished job ${index * 37}`,
).join("\n");
const prose = [
  "It was not the first time that the old house on the hill had been sold to people from far away.",
  "The new owners meant to open a small hotel there, with a garden that would reach down to the river.",
  "Nobody in the village believed them, since three families had come with the same plan before.",
  "But this time builders arrived within a week, and by autumn the roof shone red above the trees.",
  "Old Marta, who had kept the keys for thirty years, walked up every morning to watch the work.",
  "She said that the house had waited long enough, and that she would be its first guest.",
  "In December the lights went on for the first time, and the whole street came out to look.",
  "A band from the next valley played on the terrace until the snow drove everybody inside.",
  "The cook, a quiet man from the coast, had never seen so many people ask for his soup.",
  "By spring the rooms were booked, the path was paved, and the boat at the landing had a name.",
  "Only the tower stayed closed, because its stairs had rotted while the house stood empty.",
  "Children told each other that a light could be seen up there whenever the fog came in.",
  "The owners laughed about it, although they did change the lock twice in a single month.",
  "When a guest at last asked for the tower room, Marta simply handed her the oldest key.",
].join(" ");

function makeStore() {
  const folder = mkdtempSync(join(tmpdir(), "brevis-messages-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return openStore({ path: join(folder, "store") });
}

/** The bytes of a conversation without its texts of 200 characters and more. */
function withoutLongTexts(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, inner) => (typeof inner === "string" && inner.length > 200 ? "long" : inner)),
  );
}

/** Each conversation has the long texts of a user and of a tool, which are compressed, and others, which are not. */
const conversations = {
  anthropic: [
    { role: "system", content: prose },
    { role: "user", content: prose },
    {
      role: "assistant",
      content: [
        { type: "thinking", thinking: prose, signature: "c2lnbmF0dXJl" },
        { type: "redacted_thinking", data: prose },
        { type: "text", text: prose, citations: null },
        { type: "tool_use", id: "toolu_1", name: "write", input: { path: "a.txt", content: prose } },
      ],
    },
    {
      role: "user",
      content: [
        { type: "tool_result", tool_use_id: "toolu_1", content: log, cache_control: { type: "ephemeral" } },
        {
          type: "tool_result",
          tool_use_id: "toolu_2",
          is_error: true,
          content: [
            { type: "text", text: log },
            { type: "image", source: { type: "base64", media_type: "image/png", data: prose } },
          ],
        },
        { type: "text", text: prose, cache_control: { type: "ephemeral" } },
        { type: "document", source: { type: "text", media_type: "text/plain", data: prose } },
      ],
    },
    { role: "user", content: prose },
  ],
  chat: [
    { role: "system", content: prose },
    { role: "developer", content: prose },
    {
      role: "user",
      content: [
        { type: "text", text: prose },
        { type: "image_url", image_url: { url: `data:${prose}` } },
      ],
    },
    {
      role: "assistant",
      content: null,
      tool_calls: [
        { id: "call_1", type: "function", function: { name: "write", arguments: JSON.stringify({ content: prose }) } },
      ],
    },
    { role: "tool", tool_call_id: "call_1", content: log },
    { role: "function", name: "old", content: log },
    { role: "assistant", content: prose, refusal: null },
    { role: "user", content: prose },
    { role: "user", content: prose },
  ],
  responses: [
    { type: "message", role: "developer", content: [{ type: "input_text", text: prose }] },
    { role: "user", content: prose },
    {
      type: "message",
      role: "user",
      content: [
        { type: "input_text", text: prose },
        { type: "input_image", image_url: prose },
      ],
    },
    { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: prose }], encrypted_content: prose },
    { type: "function_call", call_id: "call_1", name: "write", arguments: JSON.stringify({ content: prose }) },
    { type: "function_call_output", call_id: "call_1", output: log },
    { type: "function_call_output", call_id: "call_2", output: [{ type: "input_text", text: log }] },
    { type: "custom_tool_call_output", call_id: "call_3", output: log },
    { type: "item_reference", id: prose },
    { type: "message", role: "assistant", content: [{ type: "output_text", text: prose, annotations: [] }] },
  ],
  gemini: [
    { role: "user", parts: [{ text: prose }, { inlineData: { mimeType: "image/png", data: prose } }] },
    {
      role: "model",
      parts: [
        { text: prose, thought: true },
        { text: prose, thoughtSignature: "c2lnbmF0dXJl" },
        { functionCall: { name: "write", args: { content: prose } }, thoughtSignature: prose },
        { text: prose },
      ],
    },
    {
      role: "user",
      parts: [{ functionResponse: { id: "1", name: "write", response: { output: log, code: 0, items: [prose] } } }],
    },
    { role: "function", parts: [{ functionResponse: { name: "old", response: { result: log } } }] },
    { role: "user", parts: [{ text: prose }] },
    { role: "user", parts: [{ text: prose }] },
  ],
} as const;

describe.each(Object.entries(conversations))(
  "compressMessages in the shape of %s",
  (_, messages: readonly object[]) => {
    it("compresses tool results and user texts, and nothing else", async () => {
      const before = structuredClone(messages);
      const result = await compressMessages(messages);
      expect(messages).toEqual(before);
      expect(withoutLongTexts(result.messages)).toEqual(withoutLongTexts(messages));
      const written = result.reports.flatMap(({ texts }) => texts.filter(({ kept }) => kept === undefined));
      expect(written).toHaveLength(5);
      expect(new Set(written.map(({ role }) => role))).toEqual(new Set(["user", "tool"]));
      const shrunk = JSON.stringify(messages).length - JSON.stringify(result.messages).length;
      expect(shrunk).toBeGreaterThan(0);
      expect(result.tokens.compressed).toBeLessThan(result.tokens.original);
      expect(result.reports.map(({ index }) => index)).toEqual(messages.map((_message, index) => index));
      for (const [index, { texts }] of result.reports.entries()) {
        if (texts.every(({ kept }) => kept !== undefined)) expect(result.messages[index]).toBe(messages[index]);
      }
    });

    it("compresses what an assistant said when asked, and still no thinking and no tool call", async () => {
      const result = await compressMessages(messages, { roles: ["assistant"] });
      const written = result.reports.flatMap(({ texts }) => texts.filter(({ kept }) => kept === undefined));
      expect(written.map(({ role }) => role)).toEqual(["assistant"]);
      expect(withoutLongTexts(result.messages)).toEqual(withoutLongTexts(messages));
    });

    it("never changes a message again: not when others follow, nor for its place, nor when compressed before", async () => {
      const store = makeStore();
      for (const options of [{ rate: 0.4 }, { rate: 0.4, store }]) {
        const whole = (await compressMessages(messages, options)).messages;
        await fc.assert(
          fc.asyncProperty(fc.subarray(messages.map((_message, index) => index)), async (indexes) => {
            const part = await compressMessages(
              indexes.map((index) => messages[index]),
              options,
            );
            expect(JSON.stringify(part.messages)).toBe(JSON.stringify(indexes.map((index) => whole[index])));
          }),
          { numRuns: 8 },
        );
      }
      const once = (await compressMessages(messages, { rate: 0.4, store })).messages;
      // Another store object on the same folder knows nothing but what is on the disk, as after a restart.
      const again = await compressMessages(once, { rate: 0.4, store: openStore({ path: store.path }), minTokens: 0 });
      const before = again.reports.flatMap(({ texts }) => texts.filter(({ kept }) => kept === "compressed-before"));
      expect(before).toHaveLength(5);
    });
  },
);

describe("compressMessages", () => {
  it("leaves short texts alone, and says so", async () => {
    const result = await compressMessages([{ role: "user", content: log }], { minTokens: 100_000 });
    expect(result.reports[0]!.texts).toMatchObject([{ kept: "short", path: ["content"], role: "user" }]);
    expect(result.tokens.compressed).toBe(result.tokens.original);
  });

  it("leaves messages of unknown shapes alone", async () => {
    const messages = [
      null,
      7,
      "text",
      [],
      {},
      { role: "user" },
      { role: "wizard", content: prose },
      { type: "x", role: "user", content: prose },
      { role: "__proto__", content: prose },
      { role: "user", content: [null, 1, { type: "text" }] },
      { role: "user", parts: [null, { functionResponse: { response: [log] } }] },
    ];
    const result = await compressMessages(messages);
    expect(result.messages).toEqual(messages);
  });

  it("leaves texts alone that carry a marker or a legend, without a store too", async () => {
    const texts = [`${log}\n[…12 lines]\n`, `Legend: §1=word\n${"§1 and more ".repeat(200)}`];
    const result = await compressMessages(texts.map((content) => ({ role: "tool", content })));
    expect(result.reports.map(({ texts: [text] }) => text?.kept)).toEqual(["compressed-before", "compressed-before"]);
  });

  it("warns about markers and aliases that reached a tool call, however it writes them", async () => {
    const legend = `Legend: §1=/var/lib/app\n${"§1 is here. ".repeat(80)}`;
    const call = (argument: string) => ({
      role: "assistant",
      tool_calls: [{ id: "1", type: "function", function: { name: "write", arguments: argument } }],
    });
    const messages = [
      { role: "tool", content: legend },
      call('{"content":"cd \\u00a71"}'),
      call('{"content":"\\u005b…3 lines #111122223333]"}'),
      call('{"content":"§2 of the law"}'),
      {
        role: "assistant",
        content: [{ type: "tool_use", id: "1", name: "w", input: { deep: [{ text: "[…3 lines]" }] } }],
      },
      { role: "model", parts: [{ functionCall: { name: "w", args: { text: "§1" } } }] },
      { type: "function_call", call_id: "1", name: "w", arguments: "not JSON §1" },
    ];
    const { warnings, messages: after } = await compressMessages(messages);
    expect(after).toEqual(messages);
    expect(warnings.map(({ code }) => code)).toEqual(Array(5).fill("aliases-in-tool-call"));
    expect(warnings.map(({ message }) => /message (\d)/u.exec(message)![1])).toEqual(["1", "2", "4", "5", "6"]);
  });

  it("refuses what cannot be meant", async () => {
    await expect(compressMessages("text" as never)).rejects.toMatchObject({ code: "invalid-input" });
    for (const options of [
      { roles: ["system"] },
      { roles: "user" },
      { minTokens: -1 },
      { legend: "separate" },
      { rate: 7 },
      null,
    ]) {
      await expect(compressMessages([], options as never)).rejects.toMatchObject({ code: "invalid-option" });
    }
  });

  it("stops when it is told to", async () => {
    const signal = AbortSignal.abort();
    await expect(compressMessages([{ role: "user", content: `${prose} stop` }], { signal })).rejects.toMatchObject({
      code: "aborted",
    });
  });
});
