import { AIMessage, type BaseMessage, HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compressHistory, compressHistoryWith } from "../../src/integrations/langchain/index.js";
import { trimMessages } from "../../src/integrations/langchain/trim-messages.js";

const call = (id: string) => ({ id, name: "run", args: {}, type: "tool_call" as const });

/** Turns of an agent: what a person asks, calls of tools with their results, an answer. */
function history(turns: readonly (readonly number[])[], size = 10): BaseMessage[] {
  const text = (name: string) => `${name} ${"word ".repeat(size)}`;
  return [
    new SystemMessage("Be brief."),
    ...turns.flatMap((steps, turn) => [
      new HumanMessage(text(`question ${turn}`)),
      ...steps.flatMap((results, step) => {
        const ids = Array.from({ length: results }, (_, at) => `${turn}.${step}.${at}`);
        return [
          new AIMessage({ content: "", tool_calls: ids.map(call) }),
          ...ids.map((id) => new ToolMessage({ content: text(`result ${id}`), tool_call_id: id })),
        ];
      }),
      new AIMessage(`answer ${turn}`),
    ]),
  ];
}

const words = (message: BaseMessage) => message.text.split(" ").length + 1;
const total = (messages: readonly BaseMessage[]) => messages.reduce((sum, message) => sum + words(message), 0);

function findBrokenPairs(messages: readonly BaseMessage[]): string[] {
  const called = messages.flatMap((message) => (message as AIMessage).tool_calls?.map(({ id }) => id) ?? []);
  const answered = messages.flatMap((message) => (message as ToolMessage).tool_call_id ?? []);
  return [
    ...called.filter((id) => !answered.includes(id!)).map((id) => `${id} has no result`),
    ...answered.filter((id) => !called.includes(id)).map((id) => `${id} was never called`),
  ];
}

const turnsOfAgents = fc.array(fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 5 }), {
  minLength: 1,
  maxLength: 8,
});

describe("trimMessages", () => {
  it("keeps system messages, the last question and step, and every call with its results, within the budget", () => {
    fc.assert(
      fc.property(turnsOfAgents, fc.integer({ min: 150, max: 600 }), (turns, budget) => {
        const messages = history(turns);
        const trimmed = trimMessages(messages, { budget, keep: 0.6, count: words });
        expect(findBrokenPairs(trimmed)).toEqual([]);
        expect(trimmed[0]).toBe(messages[0]);
        expect(trimmed.at(-1)).toBe(messages.at(-1));
        expect(trimmed).toContain(messages.findLast((message) => message.getType() === "human"));
        expect(trimmed[1]!.getType()).toBe("human");
        expect(total(trimmed)).toBeLessThanOrEqual(budget);
        expect(messages.filter((message) => trimmed.includes(message))).toEqual(trimmed);
        if (total(messages) <= budget) expect(trimmed).toEqual(messages);
      }),
    );
  });

  it("moves the beginning rarely, so that a prompt cache holds in between", () => {
    const messages = history(Array.from({ length: 60 }, () => [1, 2]));
    let before: BaseMessage[] = [];
    let requests = 0;
    let moves = 0;
    for (let end = 1; end <= messages.length; end++) {
      const type = messages[end - 1]!.getType();
      if (type !== "human" && type !== "tool") continue;
      const trimmed = trimMessages(messages.slice(0, end), { budget: 500, keep: 0.5, count: words });
      requests++;
      if (before.some((message, at) => trimmed[at] !== message)) moves++;
      before = trimmed;
    }
    expect(requests).toBe(240);
    expect(moves).toBeGreaterThan(0);
    expect(moves).toBeLessThan(requests / 12);
  });

  it("leaves old steps out of one long turn, never its question", () => {
    const messages = history([[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]]);
    const trimmed = trimMessages(messages, { budget: 100, keep: 0.6, count: words });
    expect(trimmed.slice(0, 2)).toEqual(messages.slice(0, 2));
    expect(trimmed.length).toBeLessThan(messages.length);
    expect(findBrokenPairs(trimmed)).toEqual([]);
  });
});

const log = (seed: number) =>
  Array.from({ length: 80 }, (_, at) => `com.example.service request ${at + seed} served in ${(at * 7) % 11} ms`).join(
    "\n",
  );

describe("compressHistory", () => {
  const result = (seed: number) =>
    new ToolMessage({
      id: `r${seed}`,
      content: log(seed),
      tool_call_id: `t${seed}`,
      artifact: { seed },
      name: "run",
    });
  const messages = (results: number) => [
    new SystemMessage("x ".repeat(900)),
    new HumanMessage({ id: "h", content: [{ type: "text", text: log(99) }] }),
    ...Array.from({ length: results }, (_, seed) => [
      new AIMessage({ content: "", tool_calls: [call(`t${seed}`)] }),
      result(seed),
    ]).flat(),
  ];

  it("shortens results of tools and texts of people, and keeps every other field and object", async () => {
    const given = messages(2);
    const shortened = await compressHistory(given);
    expect([shortened[0], shortened[2], shortened[4]]).toEqual([given[0], given[2], given[4]]);
    expect(shortened[0]).toBe(given[0]);
    const tool = shortened[3] as ToolMessage;
    expect(tool).toBeInstanceOf(ToolMessage);
    expect(tool).toMatchObject({ id: "r0", tool_call_id: "t0", artifact: { seed: 0 }, name: "run" });
    expect(tool.text.length).toBeLessThan(0.9 * log(0).length);
    expect(tool.toDict().data.content).toBe(tool.content);
    expect(JSON.stringify(tool)).not.toContain(JSON.stringify(log(0)).slice(1, -1));
    expect(shortened[1]!.content).toMatchObject([{ type: "text" }]);
    expect(shortened[1]!.text.length).toBeLessThan(0.9 * log(99).length);
    expect(shortened.every(({ text }) => !text.includes("Legend:"))).toBe(true);
    expect(given).toEqual(messages(2));
  });

  it("gives every message the same bytes in each request", async () => {
    const contents = async (results: number) =>
      (await compressHistory(messages(results))).map(({ content }) => content);
    const [first, second] = [await contents(1), await contents(3)];
    expect(second.slice(0, first.length)).toEqual(first);
  });

  it("is a runnable before a model, within its budget by the model's own tokens", async () => {
    const chain = compressHistoryWith({ budget: 3000, compress: { rate: 0.4 } });
    const trimmed = await chain.invoke(messages(12));
    expect(findBrokenPairs(trimmed)).toEqual([]);
    expect(trimmed.length).toBeLessThan(messages(12).length);
    const answer = await chain.pipe(new FakeListChatModel({ responses: ["Fine."] })).invoke(messages(2));
    expect(answer.text).toBe("Fine.");
    expect(() => compressHistoryWith({ keep: 2 })).toThrow(/keep/u);
    expect(() => compressHistoryWith({ budget: 0 })).toThrow(/budget/u);
  });
});
