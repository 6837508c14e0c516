import { describe, expect, it } from "vitest";
import { openLedger, usageWithout } from "../../../src/serve/proxy/open-ledger.js";
import { readUsage, StreamedUsage } from "../../../src/serve/proxy/read-usage.js";
import { makeProxyFolder } from "./open-test-proxy.js";

const price = { input: 1, output: 10, cacheRead: 0.1, cacheWrite: 2 };
const none = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0 };
const exchange = {
  upstream: "anthropic",
  model: "m",
  saved: { old: 1000, new: 500 },
  added: 0,
  arm: "none" as const,
  isContinued: true,
  usage: { ...none, input: 5000, cacheRead: 4000, cacheWrite: 1000, output: 100 },
};

describe("the ledger", () => {
  it("values old tokens as read from the cache, new ones as written into it", async () => {
    const ledger = await openLedger(undefined, () => price);
    const entry = ledger.record(exchange);
    // 1000 tokens at 0.1 and 500 at 2 dollars a million.
    expect(entry.net).toBeCloseTo((1000 * 0.1 + 500 * 2) / 1e6, 12);
    expect(entry.cost).toBeCloseTo((4000 * 0.1 + 1000 * 2 + 100 * 10) / 1e6, 12);
  });

  it("values all as plain input where no cache is used", () => {
    const usage = { ...none, input: 5000 };
    expect(usageWithout({ ...exchange, usage })).toEqual({ ...none, input: 6500 });
    expect(usageWithout({ ...exchange, usage: { ...usage, cacheWrite: 5000 } })).toEqual({
      ...none,
      input: 6500,
      cacheWrite: 6500,
    });
  });

  it("counts losses as losses: what was added, and a prompt that became too short for the cache", async () => {
    const ledger = await openLedger(undefined, () => price);
    const added = ledger.record({ ...exchange, saved: { old: 0, new: 0 }, added: 300 });
    expect(added.net).toBeCloseTo((-300 * 0.1) / 1e6, 12);
    const usage = { ...none, input: 900, output: 10 };
    const tooShort = ledger.record({ ...exchange, saved: { old: 1500, new: 0 }, usage });
    expect(tooShort.net).toBeLessThan(0);
    expect(ledger.totals).toMatchObject({ requests: 2, dearer: 2 });
    expect(ledger.totals.dollars.net).toBeCloseTo(added.net! + tooShort.net!, 12);
  });

  it("says what has no price, and goes on after a restart", async () => {
    const folder = makeProxyFolder();
    const ledger = await openLedger(folder, (model) => (model === "m" ? price : undefined));
    ledger.record(exchange);
    ledger.record({ ...exchange, model: "unknown" });
    const { totals } = ledger;
    await ledger.close();
    expect(totals).toMatchObject({ requests: 2, unpriced: 1, tokens: { saved: 3000, cacheRead: 8000 } });
    const reopened = await openLedger(folder, () => price);
    expect(reopened.totals).toEqual(totals);
    await reopened.close();
  });
});

describe("usage", () => {
  it.each([
    [
      "Anthropic",
      { usage: { input_tokens: 5, cache_creation_input_tokens: 7, cache_read_input_tokens: 11, output_tokens: 3 } },
      { input: 23, cacheRead: 11, cacheWrite: 7, output: 3 },
    ],
    [
      "Chat Completions",
      { usage: { prompt_tokens: 23, completion_tokens: 3, prompt_tokens_details: { cached_tokens: 11 } } },
      { input: 23, cacheRead: 11, cacheWrite: 0, output: 3 },
    ],
    [
      "Responses",
      { response: { usage: { input_tokens: 23, output_tokens: 3, input_tokens_details: { cached_tokens: 11 } } } },
      { input: 23, cacheRead: 11, cacheWrite: 0, output: 3 },
    ],
    [
      "Gemini",
      {
        usageMetadata: {
          promptTokenCount: 23,
          candidatesTokenCount: 1,
          thoughtsTokenCount: 2,
          cachedContentTokenCount: 11,
        },
      },
      { input: 23, cacheRead: 11, cacheWrite: 0, output: 3 },
    ],
  ])("of %s", (_, answer, usage) => {
    expect(readUsage(answer)).toEqual(usage);
  });

  it("is added up over a stream, and undefined where none was stated", () => {
    const streamed = new StreamedUsage();
    expect(streamed.usage).toBeUndefined();
    const events = [
      { type: "message_start", message: { usage: { input_tokens: 5, cache_read_input_tokens: 11, output_tokens: 1 } } },
      { type: "content_block_delta", delta: { text: '"usage":{"input_tokens":1e9}' } },
      { type: "message_delta", usage: { output_tokens: 42 } },
    ].map((data) => `data: ${JSON.stringify(data)}\n\n`);
    for (const character of events.join("")) streamed.write(character);
    expect(streamed.usage).toEqual({ input: 16, cacheRead: 11, cacheWrite: 0, output: 42 });
    for (const none_ of [undefined, null, "usage", { usage: 7 }, []]) expect(readUsage(none_)).toBeUndefined();
  });
});
