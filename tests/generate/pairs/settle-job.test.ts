import { describe, expect, it } from "vitest";
import { loadPrompts } from "../../../src/compress/abstractive/prompts.js";
import type { Call } from "../../../src/generate/pairs/build-requests.js";
import type { Job } from "../../../src/generate/pairs/plan-jobs.js";
import { proposeLocally } from "../../../src/generate/pairs/propose-locally.js";
import { type SettleTools, type Step, settleJob } from "../../../src/generate/pairs/settle-job.js";
import type { AnswerEnd } from "../../../src/llm/types.js";
import { pairSchema } from "../../../src/records/pair.js";
import { scriptModel } from "../../compress/abstractive/scripted-model.js";
import { makeJob, makeJournal, tools } from "./make-tools.js";

const text =
  "As you all know, the export of the ledger was started at 02:15 by Maria, and it should never be started before 02:00, because the backup of the database would not be finished by then in most cases.";
const good =
  "Ledger export: Maria started 02:15; never start before 02:00 ← database backup would not be finished by then.";

/** Lets a script answer each call until the job is settled. */
async function settle(
  job: Job,
  answer: (call: Call, times: number) => string | { text: string; end: AnswerEnd },
  over: Partial<SettleTools> = {},
) {
  const journal = makeJournal();
  const calls: Call[] = [];
  for (;;) {
    const step = settleJob(job, { ...tools, ...over }, journal);
    if ("propose" in step) {
      const proposal = await step.propose.propose(job, new AbortController().signal);
      const key = step.propose.keyOf(job);
      if ("text" in proposal) await journal.keep(key, { text: proposal.text, end: "stop", model: step.propose.name });
      else await journal.keepFailure(key, proposal.failed);
    } else if ("call" in step) {
      calls.push(step.call);
      const given = answer(step.call, calls.length);
      const { text, end } = typeof given === "string" ? { text: given, end: "stop" as const } : given;
      await journal.keep(step.call.key, { text, end, model: "claude-sonnet-5-5" });
    } else return { step, calls };
  }
}

const rejected = (step: Step) => ("reject" in step ? step.reject.reason : undefined);

describe("settleJob", () => {
  it("asks once for a good answer, and gives the pair its provenance", async () => {
    const job = makeJob(text, { licence: "MIT" });
    const { step, calls } = await settle(job, () => good);
    expect(calls).toHaveLength(1);
    const [{ request }] = calls as [Call];
    expect(request.system).toContain("    → leads to, becomes\n");
    expect(request.system).toContain("decided: what was settled");
    expect(request.messages[0]!.content).toContain(`at most ${job.target} tokens`);
    expect(request.messages[0]!.content).toContain(text);
    const { pair } = step as Extract<Step, { pair: unknown }>;
    expect(pairSchema.parse(pair)).toEqual(pair);
    expect(pair).toMatchObject({
      compressed: good,
      provenance: {
        licence: "MIT",
        document: "d1",
        tier: "written",
        prompt: tools.prompts.hash,
        created: "2026-01-02T03:04:05.000Z",
      },
    });
  });

  it("sends an answer back with what is wrong with it, and takes the second", async () => {
    const lossy = "Ledger export: Maria started it early in the night; start later ← database backup.";
    const { step, calls } = await settle(makeJob(text), (_, times) => (times === 1 ? lossy : good));
    expect(calls).toHaveLength(2);
    const turns = calls[1]!.request.messages;
    expect(turns.map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
    expect(turns[0]).toEqual(calls[0]!.request.messages[0]);
    expect(turns[1]!.content).toBe(lossy);
    expect(turns[2]!.content).toContain("missing: 02:15");
    expect(calls[1]!.request.purpose).toBe("generate.repair");
    expect(step).toMatchObject({ pair: { provenance: { tier: "repaired" } } });
  });

  it.each<[string, string | { text: string; end: AnswerEnd }, string, number]>([
    ["refused", { text: "I cannot help with that.", end: "refused" }, "refused", 1],
    ["empty", { text: "", end: "empty" }, "empty", 1],
    ["empty, though it says that it is whole", "  \n", "empty", 1],
    ["cut at its most tokens", { text: good, end: "length" }, "cut-off", 1],
    ["as long as the text", text, "too-long", 2],
    [
      "about something else",
      "Sorry, the weather prevents any further work on this wonderful day outside.",
      "off-topic",
      1,
    ],
    ["with an invented number", good.replace("02:00", "02:00, port 8443"), "invented", 2],
    ["without what must stay", "Ledger export: Maria started; database backup would be finished then.", "lost", 2],
  ])("an answer that is %s is a reject, never a pair", async (_, answer, reason, times) => {
    const { step, calls } = await settle(makeJob(text), () => answer);
    expect(rejected(step)).toBe(reason);
    expect(calls).toHaveLength(times);
    expect(step).toMatchObject({ reject: { verbose: text, document: "d1" } });
  });

  it("takes an answer into which a word was put back, where the model does not mend it", async () => {
    const forgetful = good.replace("02:15", "early");
    const { step, calls } = await settle(makeJob(text), (_, times) => (times === 1 ? forgetful : ""));
    expect(calls).toHaveLength(2);
    expect(calls[1]!.request.messages[2]!.content).toContain("missing: 02:15");
    expect(step).toMatchObject({ pair: { scores: { restored: 1 }, provenance: { tier: "written" } } });
    expect((step as Extract<Step, { pair: unknown }>).pair.compressed).toContain("02:15");
    const strict = await settle(makeJob(text), () => forgetful, { mostRestored: 0 });
    expect(rejected(strict.step)).toBe("lost");
  });

  it("sends nothing back where no repair is wanted", async () => {
    const { step, calls } = await settle(makeJob(text), () => text, { repairs: 0 });
    expect([rejected(step), calls.length]).toEqual(["too-long", 1]);
  });
});

const prompts = await loadPrompts();

describe("a local model that proposes", () => {
  const proposer = (...answers: (string | { text: string; finish: "length" })[]) => {
    const model = scriptModel(() => answers[0]!);
    return { model, proposer: proposeLocally({ model, adapters: [{ name: "v1" }] as never, prompts }, tools.rules) };
  };

  it("makes the pair alone where it passes the checks", async () => {
    const local = proposer(good);
    const { step, calls } = await settle(makeJob(text), () => "", { proposer: local.proposer });
    expect(calls).toHaveLength(0);
    expect(step).toMatchObject({ pair: { provenance: { model: "/models/scripted + v1", tier: "written" } } });
    // It is asked as at run time, not as the frontier model is.
    expect(local.model.asked[0]!.messages[0]!.content).toContain(prompts.nl.examples[0]!.compressed.trim());
  });

  it("has the frontier model mend what does not, even where answers are not sent back", async () => {
    const lossy = "Ledger export: Maria started; database backup would be finished then.";
    const { step, calls } = await settle(makeJob(text), () => good, { proposer: proposer(lossy).proposer, repairs: 0 });
    expect(calls).toHaveLength(1);
    expect(calls[0]!.request.messages[1]).toEqual({ role: "assistant", content: lossy });
    expect(step).toMatchObject({ pair: { provenance: { tier: "repaired", model: "claude-sonnet-5-5" } } });
  });

  it.each([
    ["wrote of something else", "The weather is wonderful outside today, everyone enjoys sunshine."],
    ["did not end", { text: good, finish: "length" as const }],
  ])("is passed over where it %s", async (_, answer) => {
    const { step, calls } = await settle(makeJob(text), () => good, { proposer: proposer(answer).proposer });
    expect(calls).toHaveLength(1);
    expect(calls[0]!.request.messages).toHaveLength(1);
    expect(step).toMatchObject({ pair: { provenance: { tier: "written", model: "claude-sonnet-5-5" } } });
  });
});

describe("a model of this machine alone", () => {
  const local = async (answer: string) => {
    const writer = { model: scriptModel(() => answer), adapters: [], prompts: await loadPrompts() };
    const over = { proposer: proposeLocally(writer, tools.rules), isLocal: true };
    return settle(makeJob(text), () => expect.unreachable("nobody else is asked"), over);
  };

  it("makes pairs that say so", async () => {
    const { step } = await local(good);
    expect(step).toMatchObject({
      pair: { compressed: good, provenance: { tier: "local", model: "/models/scripted" } },
    });
    if ("pair" in step) expect(pairSchema.safeParse(step.pair).success).toBe(true);
  });

  it.each([
    ["with an invented number", good.replace("02:00", "02:00, port 8443"), "invented"],
    ["without what must stay", "Ledger export: Maria started; database backup would not be finished then.", "lost"],
    ["of nothing", "", "empty"],
  ])("and rejects, of an answer %s", async (_, answer, reason) => {
    const { step, calls } = await local(answer);
    expect([rejected(step), calls]).toEqual([reason, []]);
  });
});
