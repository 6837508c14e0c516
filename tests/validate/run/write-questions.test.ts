import { describe, expect, it } from "vitest";
import type { ChatAnswer, ChatRequest } from "../../../src/llm/types.js";
import type { PairToValidate } from "../../../src/validate/run/plan-cells.js";
import { openTasks } from "../../../src/validate/run/write-questions.js";
import { loadValidateSettings } from "../../../src/validate/settings.js";

const settings = { ...loadValidateSettings(), questions: 2 };
const pair: PairToValidate = {
  ...{ id: "p", domain: "nl", source: "test", verbose: "It took 47 {count} minutes.", compressed: "47 min", rate: 0.5 },
  tokens: { verbose: 8, compressed: 3 },
};
const questions = ["a", "b", "c"].map((name) => ({ question: `${name}?`, answer: name }));

function clientOf(replies: readonly string[]) {
  const requests: ChatRequest[] = [];
  const ask = async (request: ChatRequest): Promise<ChatAnswer> => {
    const usage = { input: 1, cacheRead: 0, cacheWrite: 0, output: 1 };
    const text = replies[requests.push(request) - 1]!;
    return { text, end: "stop", model: "m", provider: "openai", usage, cost: 0, cached: false, latency: 1 };
  };
  return { ask, requests };
}

describe("openTasks", () => {
  it("has questions written about the verbose text, in place of the settings' own", async () => {
    const client = clientOf([JSON.stringify({ questions })]);
    const tasks = await openTasks(client, settings, "writer")(pair);
    expect(tasks.map(({ task, expected }) => [task, expected])).toEqual([
      ["qa", "a"],
      ["qa", "b"],
      ["reasoning", undefined],
    ]);
    expect(client.requests[0]).toMatchObject({ model: "writer", purpose: "validate.questions" });
    expect(client.requests[0]!.messages[0]!.content).toContain("It took 47 {count} minutes.");
    expect(client.requests[0]!.messages[0]!.content).toContain("Write 2 questions");
  });

  it("asks nothing for a pair that brings its tasks, or where the settings want none", async () => {
    const client = clientOf([]);
    const own = [{ task: "qa", question: "Q?" }] as const;
    expect(await openTasks(client, settings, "writer")({ ...pair, tasks: own })).toEqual(own);
    expect(await openTasks(client, { ...settings, questions: 0 }, "writer")(pair)).toHaveLength(2);
    expect(client.requests).toEqual([]);
  });

  it("asks once more for what cannot be read, then fails with the pair's name", async () => {
    const second = clientOf(["no", `\`\`\`json\n${JSON.stringify({ questions })}\n\`\`\``]);
    expect(await openTasks(second, settings, "writer")(pair)).toHaveLength(3);
    const never = openTasks(clientOf(["no", '{"questions": []}']), settings, "writer")(pair);
    await expect(never).rejects.toMatchObject({ code: "remote-failed", message: expect.stringContaining("pair p") });
  });
});
