import { z } from "zod";
import { BrevisError } from "../../errors.js";
import { type JsonLinesAppender, openJsonLines } from "../../files/append-json-lines.js";
import { lockFile } from "../../files/lock-file.js";
import { openWholeFile } from "../../files/open-whole-file.js";
import { readJsonLines } from "../../files/read-json-lines.js";
import { type Pair, pairSchema } from "../pair.js";
import { readPairs } from "../read-pairs.js";

const decisionSchema = z.object({
  id: z.string().min(1),
  decision: z.enum(["accepted", "rejected"]),
  /** What a person wrote in place of the proposed text. */
  compressed: z.string().min(1).optional(),
  at: z.iso.datetime(),
});
/** What was decided on one pair. The last one on a pair counts. */
export type Decision = z.infer<typeof decisionSchema>;

/** The files of a review. */
export interface ReviewPaths {
  readonly proposals: string;
  /** Made by the review, beside the proposals: what a killed review goes on from. */
  readonly decisions: string;
  /** Accepted pairs, in the form that training reads. */
  readonly accepted: string;
}

/** Measures an edited text. */
export type MeasureEdit = (
  pair: Pair,
  compressed: string,
) => { readonly tokens: number; readonly coverage: number; readonly missing: readonly string[] };

/** Pairs that are being reviewed. */
export interface Review {
  /** Pairs without a decision, in their order. */
  pending(): readonly Pair[];
  readonly counts: Readonly<Record<"pending" | "accepted" | "rejected", number>>;
  /**
   * Decides on a pair; again changes what was decided.
   *
   * @throws {BrevisError} `unknown-id`
   */
  accept(id: string): Promise<void>;
  reject(id: string): Promise<void>;
  /** Accepts a pair with another compressed text. @throws {BrevisError} `invalid-input` for one that saves nothing or has lost too much */
  edit(id: string, compressed: string): Promise<void>;
  /** Writes the accepted pairs, and lets go of the files. */
  close(): Promise<void>;
}

/**
 * Opens a review: proposals, and what was decided on them so far. Each decision is on the disk before the next, and the file of accepted pairs is
 * made of both when the review is closed, so that a review that was killed goes on where it was.
 *
 * @param leastCoverage of an edited text's must-keep words
 * @throws {BrevisError} `input-not-found` without proposals, `invalid-input` where the file of accepted pairs holds others, `output-failed`
 *   while another review is open
 */
export async function openReview(paths: ReviewPaths, measure: MeasureEdit, leastCoverage: number): Promise<Review> {
  const pairs = new Map<string, Pair>();
  for await (const pair of readPairs(paths.proposals, { onBroken: "fatal" })) pairs.set(pair.id, pair);
  await refuseOthers(paths.accepted, pairs);
  const unlock = await lockFile(`${paths.decisions}.lock`, "reviews these pairs");
  try {
    const decisions = await readDecisions(paths.decisions);
    const file = await openJsonLines(paths.decisions);
    return createReview(pairs, decisions, file, { paths, measure, leastCoverage, unlock });
  } catch (error) {
    await unlock();
    throw error;
  }
}

interface ReviewSettings {
  readonly paths: ReviewPaths;
  readonly measure: MeasureEdit;
  readonly leastCoverage: number;
  readonly unlock: () => Promise<void>;
}

function createReview(
  pairs: ReadonlyMap<string, Pair>,
  decisions: Map<string, Decision>,
  file: JsonLinesAppender,
  { paths, measure, leastCoverage, unlock }: ReviewSettings,
): Review {
  const pairOf = (id: string): Pair => {
    const pair = pairs.get(id);
    if (pair !== undefined) return pair;
    throw new BrevisError("unknown-id", `Expected the id of a proposed pair but there is none "${id}".`, {
      hint: "`brevis records review --list` shows them.",
    });
  };
  const decide = async (id: string, decision: Decision["decision"], edited: Pick<Decision, "compressed"> = {}) => {
    const made = { id: pairOf(id).id, decision, ...edited, at: new Date().toISOString() };
    await file.append(made);
    decisions.set(id, made);
  };
  const count = (decision: Decision["decision"]) =>
    [...pairs.keys()].filter((id) => decisions.get(id)?.decision === decision).length;
  return {
    pending: () => [...pairs.values()].filter(({ id }) => !decisions.has(id)),
    get counts() {
      const [accepted, rejected] = [count("accepted"), count("rejected")];
      return { pending: pairs.size - accepted - rejected, accepted, rejected };
    },
    accept: (id) => decide(id, "accepted"),
    reject: (id) => decide(id, "rejected"),
    async edit(id, compressed) {
      refuseEdit(measure(pairOf(id), compressed), pairOf(id), leastCoverage);
      await decide(id, "accepted", { compressed });
    },
    async close() {
      try {
        await file.close();
        await writeAccepted(paths.accepted, pairs, decisions, measure);
      } finally {
        await unlock();
      }
    },
  };
}

function refuseEdit(measured: ReturnType<MeasureEdit>, pair: Pair, leastCoverage: number): void {
  if (measured.tokens === 0 || measured.tokens >= pair.tokens.verbose) {
    const message = `Expected fewer than ${pair.tokens.verbose} tokens, and some, but received ${measured.tokens}.`;
    throw new BrevisError("invalid-input", message, { hint: "Edit it again, or reject the pair." });
  }
  if (measured.coverage >= leastCoverage) return;
  const missing = measured.missing.slice(0, 12).join(", ");
  const message = `Expected ${leastCoverage} of the must-keep words but the text has ${measured.coverage.toFixed(2)}; it lacks ${missing}.`;
  throw new BrevisError("invalid-input", message, { hint: "Edit it again, or reject the pair." });
}

async function writeAccepted(
  path: string,
  pairs: ReadonlyMap<string, Pair>,
  decisions: ReadonlyMap<string, Decision>,
  measure: MeasureEdit,
): Promise<void> {
  const file = await openWholeFile(path);
  try {
    for (const pair of pairs.values()) {
      const decision = decisions.get(pair.id);
      if (decision?.decision === "accepted")
        await file.write(`${JSON.stringify(applyEdit(pair, decision, measure))}\n`);
    }
    await file.commit();
  } finally {
    await file.discard();
  }
}

/** `scores.edited` says that a person wrote the reference. */
function applyEdit(pair: Pair, { compressed }: Decision, measure: MeasureEdit): Pair {
  if (compressed === undefined) return pair;
  const { tokens, coverage } = measure(pair, compressed);
  const rate = Math.round((1000 * tokens) / pair.tokens.verbose) / 1000;
  return {
    ...pair,
    compressed,
    tokens: { ...pair.tokens, compressed: tokens },
    scores: { ...pair.scores, coverage: Math.round(1000 * coverage) / 1000, rate, edited: 1 },
  };
}

async function readDecisions(path: string): Promise<Map<string, Decision>> {
  const decisions = new Map<string, Decision>();
  await orNothing(async () => {
    // The last line may be cut short by a kill; it is mended when the file is opened.
    for await (const { record } of readJsonLines(path, { schema: decisionSchema, onBroken: "fatal", growing: true }))
      decisions.set(record.id, record);
  });
  return decisions;
}

/** The file is written anew each time: it must hold nothing else. */
async function refuseOthers(path: string, pairs: ReadonlyMap<string, Pair>): Promise<void> {
  await orNothing(async () => {
    for await (const { record } of readJsonLines(path, { schema: pairSchema, onBroken: "fatal" })) {
      if (pairs.has(record.id)) continue;
      const message = `Expected a file for the pairs that are accepted here but ${path} holds others, such as ${record.id}.`;
      throw new BrevisError("invalid-input", message, { hint: "Name another file with -o." });
    }
  });
}

async function orNothing(read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof BrevisError) || error.code !== "input-not-found") throw error;
  }
}
