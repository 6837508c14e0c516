import { describe, expect, it } from "vitest";
import { compress } from "../../src/compress/compress.js";
import { createCompressor } from "../../src/compress/create-compressor.js";
import { compressMessages } from "../../src/compress/messages/compress-messages.js";

const prose = "It was not the first time that the old house on the hill had been sold to people from far away. ".repeat(
  12,
);

describe("createCompressor", () => {
  it("compresses with its defaults, and a call's options override them", async () => {
    const brevis = createCompressor({ rate: 0.8, dictionary: "off", minTokens: 10 });
    expect((await brevis.compress(prose)).text).toBe((await compress(prose, { rate: 0.8, dictionary: "off" })).text);
    const budgeted = await brevis.compress(prose, { budget: 90, dictionary: undefined as never });
    expect(budgeted.text).toBe((await compress(prose, { budget: 90, dictionary: "off" })).text);
  });

  it("carries the options of messages to messages only", async () => {
    const brevis = createCompressor({ roles: ["assistant"], minTokens: 10, rate: 0.6 });
    const messages = [{ role: "assistant", content: prose }];
    const expected = await compressMessages(messages, { roles: ["assistant"], minTokens: 10, rate: 0.6 });
    expect((await brevis.compressMessages(messages)).messages).toEqual(expected.messages);
    expect((await brevis.compress(prose)).decision).toBe("compressed");
  });

  it("restores from its own store", async () => {
    const texts = new Map<string, string>();
    const idOf = (text: string) => String(text.length).padStart(12, "0");
    const store = {
      idOf,
      put: async (text: string) => {
        texts.set(idOf(text), text);
        return idOf(text);
      },
      get: async (id: string) => texts.get(id) ?? Promise.reject(new Error("unknown")),
    };
    const brevis = createCompressor({ store, rate: 0.5 });
    expect(await brevis.restore(await brevis.compress(prose))).toBe(prose);
  });

  it("refuses wrong defaults at once", () => {
    expect(() => createCompressor({ rate: 7 })).toThrow(expect.objectContaining({ code: "invalid-option" }));
  });
});
