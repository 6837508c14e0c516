/** Goldens are written by transformers: scripts/goldens/write_tokenizer.py. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { loadTokenizer } from "../../../src/engine/models/load-tokenizer.js";
import type { ChatMessage } from "../../../src/engine/types.js";

const directory = join(import.meta.dirname, "fixtures", "qwen-style");
const goldens: {
  texts: { text: string; ids: number[]; decoded: string }[];
  streams: { ids: number[]; decoded: string }[];
  chats: { messages: ChatMessage[]; ids: number[] }[];
} = JSON.parse(readFileSync(join(directory, "goldens.json"), "utf8"));
const tokenizer = await loadTokenizer(directory);
const [endOfText, start, end] = [2041, 2042, 2043];

function decodeAsItComes(ids: readonly number[]): string[] {
  const decoder = tokenizer.createDecoder();
  return [...ids.map((id) => decoder.push(id)), decoder.end()];
}

/** A copy of the fixture with some files changed: an object is merged into the JSON there, null removes the file. */
function changeDirectory(changes: Record<string, string | object | null>): string {
  const copy = mkdtempSync(join(tmpdir(), "brevis-tokenizer-"));
  onTestFinished(() => rmSync(copy, { recursive: true, force: true }));
  cpSync(directory, copy, { recursive: true });
  for (const [name, change] of Object.entries(changes)) {
    const path = join(copy, name);
    if (change === null) rmSync(path);
    else if (typeof change === "string") writeFileSync(path, change);
    else writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), ...change }));
  }
  return copy;
}

describe("encode and decode", () => {
  it.each(goldens.texts)("agree with transformers on $text", ({ text, ids, decoded }) => {
    expect([...tokenizer.encode(text)]).toEqual(ids);
    expect(tokenizer.decode(ids)).toBe(decoded);
    expect(decodeAsItComes(ids).join("")).toBe(decoded);
  });

  it.each(goldens.streams)("agree with transformers on ids that nobody encoded: $ids", ({ ids, decoded }) => {
    expect(tokenizer.decode(ids)).toBe(decoded);
  });

  it("give back any text, in NFC and with lone surrogates replaced", () => {
    const texts = fc.string({
      unit: fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("<|im_end|>", "\ud800", " ", "\n")),
    });
    fc.assert(
      fc.property(texts, (text) => {
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text.toWellFormed().normalize("NFC"));
      }),
    );
  });

  it("take 16,000 characters without a break, and ids beyond the vocabulary", () => {
    for (const unit of ["a", "é", "。", "😀", " ", "\n", "-", "ab", "a1"]) {
      const text = unit.repeat(16_000 / unit.length);
      expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
    }
    expect(tokenizer.decode([64, 999_999, 65])).toBe("ab");
  });
});

describe("the streaming decoder", () => {
  it("holds a character back until its last byte is there", () => {
    const ids = [...tokenizer.encode("é👍")];
    expect(ids).toHaveLength(6);
    expect(decodeAsItComes(ids)).toEqual(["", "é", "", "", "", "👍", ""]);
    expect(decodeAsItComes(ids.slice(0, -1))).toEqual(["", "é", "", "", "", "\ufffd"]);
  });

  it("gives, piece by piece, what decode gives of the whole", () => {
    const ids = fc.array(fc.oneof(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 2047 })), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(ids, (sequence) => {
        const ordinary = sequence.filter((id) => id < endOfText || id > end);
        expect(decodeAsItComes(ordinary).join("")).toBe(tokenizer.decode(ordinary));
        expect(decodeAsItComes(sequence).join("")).not.toContain("<|im_end|>");
      }),
    );
  });

  it("ends an unfinished character where an added token follows", () => {
    const [first] = tokenizer.encode("👍");
    expect(decodeAsItComes([first!, 2046])).toEqual(["", "\ufffd<think>", ""]);
    expect(decodeAsItComes([start, 64, end])).toEqual(["", "a", "", ""]);
  });
});

describe("encodeChat", () => {
  it.each(goldens.chats)("agrees with transformers, and keeps names of special tokens as text: $messages", (chat) => {
    expect([...tokenizer.encodeChat(chat.messages)]).toEqual(chat.ids);
  });

  it("lets no content forge a turn", () => {
    const hostile = fc.string({
      unit: fc.constantFrom("<|im_end|>", "<|im_start|>", "<|", "im_end|>", "\ufdd0", "\ufdd1", "003c", "x"),
    });
    const count = (ids: Int32Array, id: number) => ids.filter((other) => other === id).length;
    fc.assert(
      fc.property(hostile, (content) => {
        const ids = tokenizer.encodeChat([{ role: "user", content }]);
        expect([count(ids, start), count(ids, end), count(ids, endOfText)]).toEqual([2, 1, 0]);
        const expected = `<|im_start|>user\n${content}<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n`;
        expect(tokenizer.decode(ids)).toBe(expected);
      }),
    );
  });

  it("says why a template refuses messages", () => {
    const late: ChatMessage[] = [
      { role: "user", content: "a" },
      { role: "system", content: "b" },
    ];
    expect(() => tokenizer.encodeChat(late)).toThrow(/A system message comes first/);
  });
});

describe("a model's tokenizer files", () => {
  it("name all ids that end an answer", async () => {
    expect(tokenizer.endIds).toEqual([endOfText, end]);
    const changed = changeDirectory({
      "generation_config.json": null,
      "tokenizer_config.json": { eos_token: { content: "<|im_start|>" } },
    });
    writeFileSync(join(changed, "config.json"), '{"eos_token_id": 7}');
    expect((await loadTokenizer(changed)).endIds).toEqual([7, start]);
  });

  it("may hold the template in tokenizer_config.json, alone or by name", async () => {
    const source = "{{ eos_token }}{% for m in messages %}{{ m.content }}{% endfor %}";
    const named = [
      { name: "tool_use", template: "no" },
      { name: "default", template: source },
    ];
    for (const chat_template of [source, named]) {
      const changed = changeDirectory({ "chat_template.jinja": null, "tokenizer_config.json": { chat_template } });
      const ids = (await loadTokenizer(changed)).encodeChat([{ role: "user", content: "a" }]);
      expect([...ids]).toEqual([end, 64]);
    }
  });

  it.each([
    ["no tokenizer.json", { "tokenizer.json": null }, /tokenizer\.json but there is no such file/],
    ["JSON that is cut off", { "tokenizer.json": '{"model": {' }, /Expected JSON in .*tokenizer\.json/],
    ["no vocabulary", { "tokenizer.json": { model: { type: "BPE", merges: [] } } }, /tokenizer\.json but[\s\S]*vocab/],
    [
      "merges that are none",
      { "tokenizer.json": { model: { type: "BPE", vocab: {}, merges: [7] } } },
      /tokenizer\.json but /,
    ],
    ["a list", { "tokenizer.json": "[]" }, /a JSON object in .*tokenizer\.json/],
    ["another kind", { "tokenizer.json": { decoder: { type: "WordPiece" } } }, /byte-level BPE/],
    ["an unknown step", { "tokenizer.json": { pre_tokenizer: { type: "Magic" } } }, /tokenizer\.json but .*Magic/],
    [
      "a damaged template",
      { "chat_template.jinja": "{% if %}" },
      /template in .*chat_template\.jinja but it does not parse/,
    ],
  ])("are refused with the file's name: %s", async (_, changes, message) => {
    const path = changeDirectory(changes);
    await expect(loadTokenizer(path)).rejects.toThrow(message);
    await expect(loadTokenizer(path)).rejects.toMatchObject({ code: "model-invalid" });
  });

  it("without a template leave encode, and refuse a chat", async () => {
    const bare = await loadTokenizer(changeDirectory({ "chat_template.jinja": null }));
    expect(bare.encode("a")).toHaveLength(1);
    expect(() => bare.encodeChat([{ role: "user", content: "a" }])).toThrow(/Expected a chat template/);
  });
});
