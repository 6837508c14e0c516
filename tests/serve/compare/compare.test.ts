import { describe, expect, it, onTestFinished } from "vitest";
import { type StandInOptions, startProviders } from "../../stand-ins/start-providers.js";
import { openTestServer } from "../open-test-server.js";
import { writeToolResult } from "../proxy/open-test-proxy.js";

interface Event {
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: each event has fields of its own
  readonly data: any;
}

const models = ["claude-sonnet-5-5", "gpt-5.6-terra", "gemini-3.8-flash", "compatible:local"];
const prompt = writeToolResult(3);

async function openPair(options: StandInOptions = {}) {
  const standIns = await startProviders(options);
  onTestFinished(() => standIns.close());
  const server = await openTestServer({}, { environment: { ...standIns.environment } });
  return { standIns, server };
}

async function readEvents(answer: Response): Promise<Event[]> {
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toContain("text/event-stream");
  return (await answer.text())
    .split("\n\n")
    .filter((event) => event !== "")
    .map((event) => ({
      name: /^event: (\w+)$/mu.exec(event)![1]!,
      data: JSON.parse(/^data: (.*)$/mu.exec(event)![1]!),
    }));
}

/** Answers with an alias of the legend where the model was given one. */
const answerWithAlias: StandInOptions = {
  answer: ({ system }) => {
    const alias = /(§\d+)=com\.example\.reconciliation\.service\./u.exec(system ?? "")?.[1];
    return `- Handler 3 of ${alias ?? "com.example.reconciliation.service."} failed`;
  },
};

describe("POST /api/compare", () => {
  it.each(models)("tells of both answers of %s, with every event", async (model) => {
    const { server, standIns } = await openPair(answerWithAlias);
    const body = {
      model,
      system_prompt: "Be exact.",
      user_prompt: prompt,
      compression_rate: 0.5,
      strategy: null,
      preset: null,
      dict_enabled: true,
    };
    const events = await readEvents(await server.post("/api/compare", body));
    const names = events.map(({ name }) => name);
    expect(names.slice(0, 2)).toEqual(["dict_info", "compression_info"]);
    expect(names.slice(-4)).toEqual(["dict_stats", "quality", "output_guard", "stream_end"]);
    const only = (name: string) => events.filter((event) => event.name === name).map(({ data }) => data);
    for (const side of ["direct", "compact"]) {
      const text = only(`${side}_token`)
        .map((data) => data.text)
        .join("");
      expect(text).toBe("- Handler 3 of com.example.reconciliation.service. failed");
      expect(only(`${side}_done`)).toMatchObject([
        { end: "stop", output_tokens: expect.any(Number), latency_ms: expect.any(Number) },
      ]);
    }
    const [info] = only("compression_info");
    expect(info).toMatchObject({
      requested_rate: 0.5,
      content_type: expect.any(String),
      density: { score: expect.any(Number) },
    });
    expect(info.compressed_tokens).toBeLessThan(info.original_tokens);
    const [dictionary] = only("dict_info");
    expect(dictionary.aliases).toBeGreaterThan(0);
    expect(only("dict_stats")).toMatchObject([
      { aliases: dictionary.aliases, used_in_output: 1, hit_rate: 1 / dictionary.aliases },
    ]);
    expect(only("quality")).toMatchObject([{ cosine_similarity: 1, information_retained: 1, structure_kept: 1 }]);
    expect(only("output_guard")).toMatchObject([{ exceeded: false }]);
    const [direct, compact] = standIns
      .asked()
      .sort((one, other) => Number(one.prompt !== prompt) - Number(other.prompt !== prompt));
    expect(direct).toMatchObject({ prompt, system: "Be exact." });
    expect(compact!.prompt).toBe(info.text);
    expect(compact!.system).toContain("Be exact.");
    expect(compact!.system).toContain("Legend: ");
  });

  it("warns where the compact answer is the longer one, and keeps a question whole", async () => {
    const { server, standIns } = await openPair({
      answer: ({ system }) =>
        system?.includes("Legend") ? "A very long answer of many, many words. ".repeat(20) : "Short 42.",
    });
    const body = {
      model: models[0],
      user_prompt: prompt,
      question: "Which one failed first, and why?",
      max_tokens: 50,
    };
    const events = await readEvents(await server.post("/api/compare", body));
    const guard = events.find(({ name }) => name === "output_guard")!.data;
    expect(guard).toMatchObject({ exceeded: true, message: expect.stringContaining("tokens more") });
    const quality = events.find(({ name }) => name === "quality")!.data;
    expect(quality.information_retained).toBeLessThan(1);
    for (const { prompt: sent, maxTokens } of standIns.asked()) {
      expect(sent.endsWith("\n\nWhich one failed first, and why?")).toBe(true);
      expect(maxTokens).toBeGreaterThanOrEqual(50);
    }
  });

  it("tells of a side that fails, and ends all the same", async () => {
    const { server } = await openPair({
      faults: ({ prompt: sent }) => (sent === prompt ? undefined : { kind: "status", status: 400 }),
    });
    const events = await readEvents(await server.post("/api/compare", { model: models[0], user_prompt: prompt }));
    const done = (side: string) => events.find(({ name }) => name === `${side}_done`)!.data;
    expect(done("direct").end).toBe("stop");
    expect(done("compact")).toMatchObject({ error: { code: "remote-failed" } });
    expect(events.at(-1)).toEqual({ name: "stream_end", data: { ok: false } });
    expect(events.map(({ name }) => name)).not.toContain("quality");
  });

  it("asks for a short answer with aliases, and restores them, where the output is shaped", async () => {
    const word = "TransactionStatusHandler3";
    const { server, standIns } = await openPair({
      answer: ({ system }) => `The ${new RegExp(`(@\\d+) = \\S*${word}`, "u").exec(system ?? "")?.[1] ?? word} failed.`,
    });
    const events = await readEvents(
      await server.post("/api/compare", {
        model: models[0],
        user_prompt: prompt,
        shape_output: true,
        dict_enabled: false,
      }),
    );
    const compact = events
      .filter(({ name }) => name === "compact_token")
      .map(({ data }) => data.text)
      .join("");
    expect(compact).toContain(word);
    expect(compact).not.toContain("@");
    expect(standIns.asked().filter(({ system }) => system?.includes("as few words as"))).toHaveLength(1);
    expect(events.find(({ name }) => name === "dict_stats")!.data).toMatchObject({ used_in_output: 1 });
  });

  it("chooses the rate by density, and learns from the answers' quality", async () => {
    const { server } = await openPair(answerWithAlias);
    const ask = async () => {
      const events = await readEvents(
        await server.post("/api/compare", { model: models[0], user_prompt: prompt, adaptive: true }),
      );
      return events.find(({ name }) => name === "compression_info")!.data.adaptive;
    };
    expect(await ask()).toMatchObject({
      asked: 0.5,
      samples: 0,
      reasons: [expect.stringContaining("Density"), expect.any(String)],
    });
    expect(await ask()).toMatchObject({ samples: 1 });
    const reset = await server.post("/api/adaptive/reset", {});
    expect(await reset.json()).toEqual({ curves: {} });
    expect(await ask()).toMatchObject({ samples: 0 });
  });

  it.each([
    ["no prompt", { model: "claude-sonnet-5-5" }, 400],
    ["a prompt that is none", { user_prompt: 7 }, 400],
    ["an unknown field", { user_prompt: "a", api_key: "b" }, 400],
    ["where the model is", { user_prompt: "a", base_url: "http://elsewhere" }, 400],
    ["a rate twice", { user_prompt: "a", rate: 0.5, compression_rate: 0.4 }, 400],
  ])("refuses %s", async (_, body, status) => {
    const { server } = await openPair();
    const answer = await server.post("/api/compare", body);
    expect(answer.status).toBe(status);
    expect(((await answer.json()) as { error: { code: string } }).error.code).toMatch(/^invalid-/u);
  });

  it("says that no provider is configured, and that a model is not known", async () => {
    const server = await openTestServer({}, { environment: {} });
    const answer = await server.post("/api/compare", { user_prompt: "a" });
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ error: { code: "model-missing" } });
    const { server: configured } = await openPair();
    const events = await readEvents(
      await configured.post("/api/compare", { user_prompt: "a b", model: "no-such-model" }),
    );
    expect(events.find(({ name }) => name === "direct_done")!.data).toMatchObject({ error: { code: "model-missing" } });
    const { models: listed, defaults } = (await (await fetch(`${configured.url}/api/config`)).json()) as {
      models: { model: string; configured: boolean }[];
      defaults: { model: string };
    };
    for (const model of models) expect(listed).toContainEqual(expect.objectContaining({ model, configured: true }));
    expect(models).toContain(defaults.model);
  });

  it("ends both requests when its caller hangs up", async () => {
    const { server, standIns } = await openPair({ faults: () => ({ kind: "stall" }) });
    const leaving = new AbortController();
    const asking = fetch(`${server.url}/api/compare`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: models[0], user_prompt: prompt }),
      signal: leaving.signal,
    });
    const answer = await asking;
    while (standIns.asked().length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    leaving.abort();
    await expect(answer.text()).rejects.toThrow();
    // Eight may run at a time: were they not ended, the ninth would be refused.
    for (let time = 0; time < 9; time++) {
      const controller = new AbortController();
      const next = await fetch(`${server.url}/api/compare`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ model: models[0], user_prompt: "a b c" }),
        signal: controller.signal,
      });
      expect(next.status).toBe(200);
      controller.abort();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
});
