import { describe, expect, it } from "vitest";
import {
  type CompressOptions,
  type CompressStream,
  compress,
  compressStream,
  type OriginalsStore,
} from "../../../src/index.js";
import { type Script, scriptModel } from "./scripted-model.js";

const meeting = `Thank you all for coming to the meeting this morning, it was really good to see so many of you in the room again. As some of you may remember, we had a long
discussion about the billing service, and in the end we decided to move it from the old cluster to the new cluster in Frankfurt on 14 March.
The main reason for this decision is that the old cluster does not receive security patches any more. Maria will prepare the runbook.
`;
const rewrite =
  "Decided: billing service moves old → new cluster in Frankfurt on 14 March, as old cluster does not receive security patches. Maria: runbook.";

/** Several passages: each is told apart by its number. */
const passages = Array.from(
  { length: 6 },
  (_, index) =>
    `## Part ${index + 1}\n\n${"It was said in the meeting that the old house on the hill would be sold to somebody from far away. ".repeat(14)}Room ${index + 1}0 is taken.\n\n`,
);
const long = passages.join("");
const shorten: Script = ({ text }) => {
  const part = /## Part (\d)/u.exec(text)![1];
  return `## Part ${part}\n\nMeeting: old house on hill to be sold to somebody far away. Room ${part}0 is taken.`;
};

const rewriteWith = (text: string, script: Script, options: CompressOptions = {}) => {
  const model = scriptModel(script);
  return { model, result: compress(text, { mode: "abstractive", model, ...options }) };
};

/** A store in memory, which fails where it is told to. */
function makeStore(failing: { put?: boolean; putResult?: boolean; idOf?: boolean } = {}) {
  const texts = new Map<string, string>();
  const idOf = (text: string) => {
    if (failing.idOf) throw new Error("no ids");
    return String([...text].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)!) % 1e12, 7)).padStart(12, "0");
  };
  const put = async (text: string) => {
    if (failing.put) throw new Error("disk full");
    texts.set(idOf(text), text);
    return idOf(text);
  };
  const store: OriginalsStore = {
    idOf,
    put,
    async putResult({ source, slices }) {
      if (failing.putResult) throw new Error("disk full");
      for (const { start, end } of slices) await put(source.slice(start, end));
      return put(source);
    },
    get: async (id) => texts.get(id) ?? Promise.reject(new Error("unknown")),
  };
  return store;
}

async function readPieces(stream: CompressStream): Promise<string[]> {
  const pieces: string[] = [];
  for await (const piece of stream) pieces.push(piece);
  return pieces;
}

describe("mode abstractive", () => {
  it("puts a model's rewrite in the place of the extractive text", async () => {
    const { model, result } = rewriteWith(meeting, () => rewrite, { kind: "prose" });
    expect((await result).text).toBe(`${rewrite}\n`);
    expect(await result).toMatchObject({
      decision: "compressed",
      loss: "lossy",
      engine: "cpu",
      model: "/models/scripted",
      scorer: "none",
      warnings: [],
      segments: [
        { rewritten: true, loss: "lossy", omitted: [{ start: 0, end: meeting.length, what: "passages", count: 1 }] },
      ],
    });
    expect((await result).timings).toHaveProperty("rewrite");
    expect(model.disposals).toBe(0);
  });

  it("asks greedily, for no more than the budget, with prompt look-up and the must-keep words", async () => {
    const { model, result } = rewriteWith(meeting, () => rewrite);
    const { tokens } = await result;
    const [{ text, target, messages, options }] = model.asked as [(typeof model.asked)[number]];
    expect(text).toBe(meeting.trim());
    expect(target).toBeLessThan(model.tokenizer.encode(meeting).length / 2);
    expect(tokens.compressed).toBeLessThanOrEqual(tokens.original / 2);
    expect(options.lookupTokens).toBeGreaterThan(0);
    expect(options.temperature ?? 0).toBe(0);
    expect(options.maxTokens).toBeLessThan(2 * target + 20);
    expect(messages.at(-1)!.content).toContain("14 March");
  });

  it("cuts a long text at its headings, and asks with the same system message each time", async () => {
    const { model, result } = rewriteWith(long, shorten, { kind: "markdown" });
    expect(model.asked.length).toBe(0);
    expect((await result).text).toBe(passages.map((text) => `${shorten({ text } as never)}\n\n`).join(""));
    expect(model.asked.length).toBeGreaterThan(1);
    expect(new Set(model.asked.map(({ messages }) => messages[0]!.content)).size).toBe(1);
    expect(model.asked.every(({ text }) => text.startsWith("## Part"))).toBe(true);
  });

  it("leaves structured text and lone code fences to the reducers", async () => {
    const log = Array.from(
      { length: 40 },
      (_, i) => `2026-11-20 10:02:${10 + i} INFO worker-${i} handled GET /api/items in ${i}ms\n`,
    ).join("");
    const readme = `${meeting}\n\`\`\`python\ndef read(path):\n    return open(path).read()\n\`\`\`\n\n${meeting}`;
    const logs = rewriteWith(log, () => "never used");
    expect((await logs.result).segments.every(({ rewritten }) => !rewritten)).toBe(true);
    expect(logs.model.asked).toEqual([]);
    expect(await logs.result).toMatchObject({ engine: "none", scorer: "linear" });
    expect((await logs.result).model).toBeUndefined();
    const { model, result } = rewriteWith(readme, () => rewrite);
    const rewritten = (await result).segments.filter((segment) => segment.rewritten);
    expect(rewritten.map(({ start, end }) => readme.slice(start, end).trim())).toEqual([
      meeting.trim(),
      meeting.trim(),
    ]);
    expect(model.asked.some(({ text }) => text.includes("```"))).toBe(false);
  });

  it.each([
    ["too long", () => `${rewrite} ${meeting}`],
    ["cut off", () => ({ text: rewrite, finish: "length" as const })],
    ["out of context", () => ({ text: rewrite, finish: "context" as const })],
    ["a failure", () => Promise.reject(new Error("broken"))],
    ["invented", () => rewrite.replace("14", "15 or 14")],
  ])("gives the extractive text, and says so, where the answer is %s", async (_, script) => {
    const { result } = rewriteWith(meeting, script);
    const extractive = await compress(meeting, { dictionary: "off" });
    expect((await result).text).toBe(extractive.text);
    const { engine, scorer } = extractive;
    expect(await result).toMatchObject({ decision: "compressed", engine, scorer });
    expect((await result).warnings).toMatchObject([{ code: "rewrite-rejected" }]);
  });

  it("asks once more for less where the answer was too long", async () => {
    const { model, result } = rewriteWith(meeting, () =>
      model.asked.length === 1 ? `${rewrite} ${meeting}` : rewrite,
    );
    expect((await result).text).toBe(`${rewrite}\n`);
    expect(model.asked).toHaveLength(2);
    expect(model.asked[1]!.target).toBeLessThan(model.asked[0]!.target);
    const { model: stubborn, result: rejected } = rewriteWith(meeting, () => ({ text: rewrite, finish: "length" }));
    expect((await rejected).warnings).toMatchObject([{ code: "rewrite-rejected" }]);
    expect(stubborn.asked).toHaveLength(2);
  });

  it("gives what earlier passages saved to later ones", async () => {
    let calls = 0;
    const wordy: Script = (asked) => {
      const text = shorten(asked) as string;
      return calls++ === 0
        ? text
        : text.replace("Meeting:", `Meeting: ${"said that the old house on the hill would be sold; ".repeat(2)}`);
    };
    const { result } = rewriteWith(long, wordy, { rate: 0.12, kind: "markdown" });
    const { tokens, segments } = await result;
    expect(tokens.compressed).toBeLessThanOrEqual(0.12 * tokens.original);
    const grown = segments.filter(
      ({ rewritten, tokens: { original, compressed } }) => rewritten && compressed > 0.12 * original,
    );
    expect(grown.length).toBeGreaterThan(0);
  });

  it("stops asking a model that keeps failing", async () => {
    const { model, result } = rewriteWith(long, () => Promise.reject(new Error("broken")), { kind: "markdown" });
    expect((await result).decision).toBe("compressed");
    expect(model.asked).toHaveLength(2);
  });

  it("leaves passages that do not fit into the model's context", async () => {
    const model = scriptModel(() => rewrite, { context: 300 });
    const { warnings } = await compress(meeting, { mode: "abstractive", model });
    expect(warnings).toMatchObject([
      { code: "rewrite-rejected", message: expect.stringContaining("too long for the model") },
    ]);
    expect(model.asked).toEqual([]);
  });

  it("puts lost words back, and says so", async () => {
    const { result } = rewriteWith(meeting, () => rewrite.replace(" on 14 March", ""));
    expect((await result).text).toContain("14 March");
    expect((await result).warnings).toMatchObject([{ code: "guard-restored" }]);
  });

  it("is extractive, with a warning, where no model is named", async () => {
    const { warnings, text } = await compress(meeting, { mode: "abstractive" });
    expect(warnings).toMatchObject([{ code: "mode-unavailable" }]);
    expect(text).toBe((await compress(meeting)).text);
  });

  it("uses an adapter, and names it", async () => {
    const { model, result } = rewriteWith(meeting, () => rewrite, { adapter: "/adapters/brief" });
    expect(await result).toMatchObject({ adapter: "/adapters/brief", model: "/models/scripted" });
    expect(model.asked[0]!.options.adapters).toEqual([{ name: "/adapters/brief" }]);
  });

  it.each([
    ["a model that is not there", { model: "./nowhere" }, "model-missing"],
    ["a model with engine none", { model: "./nowhere", engine: "none" }, "model-missing"],
    ["a loaded model with engine none", { model: scriptModel(() => ""), engine: "none" }, "model-missing"],
    ["an adapter alone", { adapter: "./nowhere" }, "model-missing"],
    ["what is no model", { model: {} as never }, "invalid-option"],
    ["a loaded model in another mode", { mode: "extractive", model: scriptModel(() => "") }, "invalid-option"],
  ] satisfies [string, CompressOptions, string][])("refuses %s before any work", async (_, options, code) => {
    await expect(compress(meeting, { mode: "abstractive", ...options })).rejects.toMatchObject({ code });
  });
});

describe("with a store", () => {
  it("keeps each rewritten passage under its id, and the source", async () => {
    const store = makeStore();
    const { result } = rewriteWith(long, shorten, { store, kind: "markdown" });
    const { id, segments } = await result;
    expect(await store.get(id!)).toBe(long);
    for (const { start, end, omitted } of segments.filter(({ rewritten }) => rewritten)) {
      expect(await store.get(omitted[0]!.id!)).toBe(long.slice(start, end));
    }
  });

  it.each([["put"], ["putResult"], ["idOf"]])(
    "asks the model once where %s fails, and gives no ids",
    async (method) => {
      const { model, result } = rewriteWith(meeting, () => rewrite, { store: makeStore({ [method]: true }) });
      expect((await result).text).toBe(`${rewrite}\n`);
      expect((await result).warnings).toMatchObject([{ code: "store-unavailable" }]);
      expect((await result).id).toBeUndefined();
      expect((await result).segments.flatMap(({ omitted }) => omitted.filter(({ id }) => id !== undefined))).toEqual(
        [],
      );
      expect(model.asked).toHaveLength(1);
    },
  );
});

describe("a deadline and a signal", () => {
  /** Writes the first passage, and the next only when it is told to stop. */
  const stuck: Script = (asked) => {
    if (asked.text.includes("Part 1")) return shorten(asked);
    return new Promise((_, reject) =>
      asked.options.signal!.addEventListener("abort", () => reject(new Error("stopped"))),
    );
  };

  it("keeps what was rewritten in time, and is extractive for the rest", async () => {
    const { model, result } = rewriteWith(long, stuck, { kind: "markdown", deadlineMs: 1500 });
    const { warnings, segments, text } = await result;
    expect(warnings.map(({ code }) => code)).toContain("deadline");
    expect(segments.slice(1).some(({ rewritten }) => rewritten)).toBe(false);
    expect(text).toMatch(/Room 60\b/u);
    expect(model.asked.length).toBeLessThanOrEqual(2);
  });

  it("ends the call with its signal", async () => {
    const controller = new AbortController();
    const script: Script = (asked) => {
      setTimeout(() => controller.abort(), 0);
      return stuck(asked);
    };
    const { result } = rewriteWith(long.replace("Part 1", "Part 9"), script, {
      kind: "markdown",
      signal: controller.signal,
    });
    await expect(result).rejects.toMatchObject({ code: "aborted" });
  });
});

describe("compressStream", () => {
  it("gives each passage as soon as it stands", async () => {
    const events: string[] = [];
    const model = scriptModel((asked) => {
      events.push("asked");
      return shorten(asked);
    });
    const stream = compressStream(long, { mode: "abstractive", model, kind: "markdown" });
    let text = "";
    for await (const piece of stream) {
      events.push("read");
      text += piece;
    }
    expect(text).toBe((await stream.result).text);
    expect(events.indexOf("read")).toBeLessThan(events.lastIndexOf("asked"));
  });

  it("gives the text of the other modes whole", async () => {
    const stream = compressStream(meeting, { rate: 0.5 });
    expect(await readPieces(stream)).toEqual([(await stream.result).text]);
    expect((await stream.result).text).toBe((await compress(meeting, { rate: 0.5 })).text);
    expect(await readPieces(compressStream("", {}))).toEqual([]);
  });

  it("gives no rewrite's beginning where the source is the best result", async () => {
    const stream = compressStream("Error 1 Error 2 Error 3", {
      mode: "abstractive",
      model: scriptModel(() => "x"),
      rate: 0.1,
    });
    expect(await readPieces(stream)).toEqual(["Error 1 Error 2 Error 3"]);
  });

  it("ends the call when its reader leaves", async () => {
    const model = scriptModel((asked) => shorten(asked));
    const stream = compressStream(long, { mode: "abstractive", model, kind: "markdown" });
    for await (const _ of stream) break;
    await expect(stream.result).rejects.toMatchObject({ code: "aborted" });
    expect(model.asked.length).toBeLessThan(passages.length);
  });

  it("throws in the loop and in the result what compress throws", async () => {
    const stream = compressStream(meeting, { mode: "abstractive", model: "./nowhere" });
    await expect(readPieces(stream)).rejects.toMatchObject({ code: "model-missing" });
    await expect(stream.result).rejects.toMatchObject({ code: "model-missing" });
    await expect(compressStream(meeting, { rate: 7 }).result).rejects.toMatchObject({ code: "invalid-option" });
    await expect(compressStream(meeting, "no options" as never).result).rejects.toMatchObject({
      code: "invalid-option",
    });
  });

  it("can be read once", async () => {
    const stream = compressStream(meeting, {});
    await readPieces(stream);
    await expect(readPieces(stream)).rejects.toMatchObject({ code: "invalid-input" });
  });
});
