import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CapturedInput } from "../../../src/capture/captured-input.js";
import { cutInput } from "../../../src/capture/propose/cut-input.js";
import { measureCoverage } from "../../../src/capture/propose/measure-coverage.js";
import { type Proposal, proposePairs } from "../../../src/capture/propose/propose-pairs.js";
import { type Teacher, teachByCompress, teachByModel } from "../../../src/capture/propose/teacher.js";
import { loadTokenCounter } from "../../../src/engine/tokens/load-token-counter.js";
import { openChatClient } from "../../../src/llm/open-chat-client.js";
import { pairSchema } from "../../../src/records/pair.js";
import { startProviders } from "../../stand-ins/start-providers.js";

const { count } = await loadTokenCounter();
const report =
  "As you may remember, the pump P-204 of the north hall was, after quite a long discussion, replaced on day 14 by the team, since its bearing had worn out again and nobody had a spare part for it in the store.";

function makeInput(text: string, kind: CapturedInput["kind"] = "prose", id = "0123456789abcdef"): CapturedInput {
  return { id, at: "2026-11-21T10:00:00.000Z", text, kind, rate: 0.5, tokens: count(text), replaced: {} };
}

async function propose(
  inputs: readonly CapturedInput[],
  teacher: Teacher,
  known: readonly string[] = [],
): Promise<Proposal[]> {
  const given = (async function* () {
    yield* inputs;
  })();
  const proposals = proposePairs(given, {
    teacher,
    rate: 0.5,
    leastCoverage: 0.85,
    tokens: { fewest: 20, most: 300 },
    count,
    isKnown: (id) => known.includes(id),
    created: "2026-11-21T10:00:00.000Z",
  });
  const made: Proposal[] = [];
  for await (const proposal of proposals) made.push(proposal);
  return made;
}

const says = (text: string): Teacher => ({ name: "says", shorten: async () => ({ text }) });

describe("proposePairs", () => {
  it("makes records that training reads, with who wrote them and how much they cover", async () => {
    const [proposal] = await propose([makeInput(report)], teachByCompress());
    const pair = pairSchema.parse((proposal as { pair: unknown }).pair);
    expect(pair).toMatchObject({
      id: "captured-0123456789abcdef",
      domain: "nl",
      source: "captured/prose",
      verbose: report,
      provenance: { source: "captured", model: "compress extractive", document: "captured-0123456789abcdef" },
      scores: { coverage: 1 },
    });
    expect(pair.compressed).toContain("P-204");
    expect(pair.tokens.compressed).toBeLessThan(0.7 * pair.tokens.verbose);
  });

  it("drops a reference that lost too many must-keep words, saves nothing, or that the teacher could not write", async () => {
    const gone = "Pump of north hall replaced by team, bearing worn out, no spare part.";
    expect(await propose([makeInput(report)], says(gone))).toMatchObject([{ dropped: "coverage" }]);
    expect(await propose([makeInput(report)], says(report))).toMatchObject([{ dropped: "useless" }]);
    const fails: Teacher = { name: "fails", shorten: async () => ({ failed: "refused" }) };
    expect(await propose([makeInput(report)], fails)).toMatchObject([{ dropped: "refused" }]);
  });

  it("passes over what is known or short, and cuts what is long between its lines", async () => {
    expect(await propose([makeInput(report)], says(""), ["captured-0123456789abcdef"])).toMatchObject([
      { passed: "known" },
    ]);
    expect(await propose([makeInput("A short note.")], says(""))).toMatchObject([{ passed: "short" }]);
    const rows = Array.from({ length: 80 }, (_, at) => `2026-11-21 10:00:${at} INFO worker-${at} finished job ${at}`);
    const log = makeInput(rows.join("\n"), "log");
    const proposals = await propose([log], {
      name: "heads",
      shorten: async ({ text }) => ({ text: text.slice(0, 40) }),
    });
    expect(proposals.length).toBeGreaterThan(3);
    expect(proposals.every((each) => "dropped" in each && each.dropped === "coverage")).toBe(true);
  });

  it("asks a provider's model with the prompts of run time, and checks what it wrote", async () => {
    const good = "P-204 pump, north hall: replaced day 14, since bearing had worn out and nobody had a spare part";
    let answer = good;
    const standIns = await startProviders({ answer: () => ({ text: answer }) });
    const client = await openChatClient({ environment: standIns.environment, cache: false, ledger: false });
    try {
      const teacher = await teachByModel(client, "compatible:local");
      const [proposal] = await propose([makeInput(report)], teacher);
      expect(proposal).toMatchObject({ pair: { compressed: good, provenance: { model: "compatible:local" } } });
      expect(JSON.stringify(standIns.asked()[0]!.messages)).toContain("P-204");
      answer = "P-204 pump of north hall replaced day 15 by Bob, bearing worn out";
      expect(await propose([makeInput(report)], teacher)).toMatchObject([{ dropped: "invented" }]);
    } finally {
      await client.close();
      await standIns.close();
    }
  });
});

describe("measureCoverage", () => {
  it("counts whole words: pieces of one are not enough", () => {
    const text = "TokenExpiredError in /var/log/app.log at 10:42, see auth.middleware";
    expect(measureCoverage(text, text)).toEqual({ share: 1, missing: [] });
    const { share, missing } = measureCoverage(text, "Token Expired in log at 10:42, see auth.middleware");
    expect(missing).toContain("TokenExpiredError");
    expect(share).toBeLessThan(0.85);
    expect(measureCoverage("so it goes", "").share).toBe(1);
  });
});

describe("cutInput", () => {
  it("loses nothing, whatever the kind", () => {
    const texts = fc.array(
      fc.constantFrom(report, "", "## Heading", "- item 1", "```", '{"a": 1}', "word ".repeat(90)),
      { maxLength: 30 },
    );
    const law = fc.property(texts, fc.constantFrom("prose", "log", "markdown", "mixed", "json"), (lines, kind) => {
      const input = makeInput(`${lines.join("\n")}\nend`, kind as CapturedInput["kind"]);
      const pieces = cutInput(input, 200, count);
      expect(pieces.join("")).toBe(input.text);
      if (input.tokens <= 200) expect(pieces).toHaveLength(1);
    });
    fc.assert(law, { numRuns: 100 });
  });
});
