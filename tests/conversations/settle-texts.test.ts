import { describe, expect, it } from "vitest";
import { compress } from "../../src/compress/compress.js";
import type { CompressOptions } from "../../src/compress/types.js";
import { findCandidates } from "../../src/conversations/find-candidates.js";
import { mergeLegends, numberAliases, readNumberedLegend } from "../../src/conversations/number-aliases.js";
import { openSentTexts } from "../../src/conversations/sent-texts.js";
import { type CompressText, TextSettler } from "../../src/conversations/settle-texts.js";
import { makeProxyFolder, writeToolResult } from "../serve/proxy/open-test-proxy.js";

const lengths = { tool: 200, user: 1000 };
const settings = { tokens: lengths, options: { rate: 0.5 } };

/** What compresses, and fails as often as it is told to first; with how often it was called. */
function createCompress(failures: number): { compress: CompressText; calls: number } {
  let left = failures;
  const counted = {
    calls: 0,
    async compress(text: string, options: CompressOptions) {
      counted.calls++;
      if (left-- > 0) throw new Error("a fault");
      return compress(text, options);
    },
  };
  return counted;
}

const conversation = (...seeds: number[]) => ({
  messages: seeds.map((seed) => ({ role: "tool", tool_call_id: "t", content: writeToolResult(seed) })),
});
const candidatesOf = (body: { messages: unknown[] }) => findCandidates("chat", body, lengths);

describe("TextSettler", () => {
  it("keeps to a text as it is where compressing it failed the first time", async () => {
    const service = createCompress(1);
    const settler = new TextSettler(service.compress, await openSentTexts(undefined, 1e6));
    const settle = async () => (await settler.settle(candidatesOf(conversation(1)), settings))[0]!.sent.sent;
    expect(await settle()).toBeNull();
    expect(await settle()).toBeNull();
    expect(service.calls).toBe(1);
  });

  it("gives every alias of a conversation one meaning, and remembers over a restart", async () => {
    const folder = makeProxyFolder();
    const memory = await openSentTexts(folder, 1e7);
    const first = await new TextSettler(createCompress(0).compress, memory).settle(
      candidatesOf(conversation(1, 2)),
      settings,
    );
    await memory.close();
    const service = createCompress(0);
    const reopened = await openSentTexts(folder, 1e7);
    const second = await new TextSettler(service.compress, reopened).settle(
      candidatesOf(conversation(1, 2, 3)),
      settings,
    );
    expect(service.calls).toBe(1);
    expect(second.slice(0, 2).map(({ sent }) => sent)).toEqual(first.map(({ sent }) => sent));
    const legends = second.map(({ sent }) => Object.keys(readNumberedLegend(sent.sent!)));
    expect(legends.every((aliases) => aliases.length > 0)).toBe(true);
    expect(new Set(legends.flat()).size).toBe(legends.flat().length);
    await reopened.close();
  });

  it("forgets what was used least lately, within its bounds", async () => {
    const memory = await openSentTexts(undefined, 20_000);
    const settler = new TextSettler(createCompress(0).compress, memory);
    for (let seed = 0; seed < 20; seed++) await settler.settle(candidatesOf(conversation(seed)), settings);
    expect(memory.size).toBeGreaterThan(0);
    expect(memory.size).toBeLessThan(20);
  });
});

describe("aliases of a conversation", () => {
  const text = "Legend: §1=alpha beta §2=gamma\n§1 and §2 and §12 and §";

  it("are numbered on, in the legend and the text, and read back", () => {
    const { text: numbered, count } = numberAliases(text, 40);
    expect(count).toBe(2);
    expect(numbered).toBe("Legend: §41=alpha beta §42=gamma\n§41 and §42 and §12 and §");
    expect(readNumberedLegend(numbered)).toEqual({ "§41": "alpha beta", "§42": "gamma" });
    expect(readNumberedLegend(text)).toEqual({ "§1": "alpha beta", "§2": "gamma" });
    expect(readNumberedLegend("no legend §1=a")).toEqual({});
    expect(numberAliases("no legend", 3)).toEqual({ text: "no legend", count: 0 });
  });

  it("are left out where they mean two things, or stand for themselves", () => {
    const other = "Legend: §2=delta §3=epsilon\n§2 §3";
    expect(mergeLegends([text, other], "")).toEqual({ "§1": "alpha beta", "§3": "epsilon" });
    expect(mergeLegends([text], "see §2 of the law")).toEqual({ "§1": "alpha beta" });
    expect(mergeLegends([text, text], "")).toEqual({ "§1": "alpha beta", "§2": "gamma" });
  });
});
