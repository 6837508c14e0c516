import { describe, expect, it } from "vitest";
import type { ChatAnswer, ChatClient, ChatRequest } from "../../../src/llm/types.js";
import { fillIn, judgeAnswers } from "../../../src/validate/judge/judge-answers.js";
import { loadValidateSettings } from "../../../src/validate/settings.js";

const { judge } = loadValidateSettings();
const asked = { question: "Q?", verbose: "the first {question}", compressed: "the second" };

/** A client that answers each request with what `reply` says. */
function clientOf(reply: (request: ChatRequest) => string): { client: ChatClient; requests: ChatRequest[] } {
  const requests: ChatRequest[] = [];
  const ask = async (request: ChatRequest): Promise<ChatAnswer> => {
    requests.push(request);
    const usage = { input: 1, cacheRead: 0, cacheWrite: 0, output: 1 };
    const text = reply(request);
    return { text, end: "stop", model: "m", provider: "openai", usage, cost: 0.5, cached: false, latency: 1 };
  };
  return { client: { ask } as Partial<ChatClient> as ChatClient, requests };
}

const contentOf = (request: ChatRequest) => request.messages[0]!.content;
const verdict = (name: string, ...missing: string[]) => JSON.stringify({ verdict: name, missing });

describe("judgeAnswers", () => {
  it("asks in both orders, with the answers as they are", async () => {
    const { client, requests } = clientOf(() => verdict("equivalent"));
    const judged = await judgeAnswers(client, judge, asked);
    expect(judged).toEqual({ score: 1, missing: [], disagreed: false, cost: 1 });
    const orders = requests.map(
      (request) => contentOf(request).indexOf("the first {question}") < contentOf(request).indexOf("the second"),
    );
    expect(orders).toEqual([true, false]);
    expect(requests.map(({ purpose }) => purpose)).toEqual(["validate.judge", "validate.judge"]);
  });

  it("takes the lower of two verdicts, and all missing facts once", async () => {
    const isFirst = (request: ChatRequest) =>
      contentOf(request).indexOf("the first") < contentOf(request).indexOf("the second");
    const { client } = clientOf((request) =>
      isFirst(request) ? verdict("equivalent", "a") : verdict("partial", "a", "b"),
    );
    expect(await judgeAnswers(client, judge, asked)).toMatchObject({
      score: 0.5,
      missing: ["a", "b"],
      disagreed: true,
    });
  });

  it("reads a verdict in a fence, and asks once more for one that cannot be read", async () => {
    const { client, requests } = clientOf(({ sample }) =>
      sample === 0 ? "I think they are alike." : `\`\`\`json\n${verdict("not_equivalent")}\n\`\`\``,
    );
    expect(await judgeAnswers(client, judge, asked)).toMatchObject({ score: 0, cost: 2 });
    expect(requests.map(({ sample }) => sample).sort()).toEqual([0, 0, 1, 1]);
  });

  it("gives no score without a verdict in both orders", async () => {
    const { client } = clientOf(() => '{"verdict": "fine"}');
    expect(await judgeAnswers(client, judge, asked)).not.toHaveProperty("score");
  });
});

describe("fillIn", () => {
  it("fills each name once and leaves the values' own braces", () => {
    expect(fillIn("{a} {b} {c}", { a: "{b}", b: "$&" })).toBe("{b} $& {c}");
  });
});
