import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { captureFolder, capturePaths } from "../../../capture/capture-folder.js";
import { readCapturedInputs } from "../../../capture/captured-input.js";
import { rememberExport } from "../../../capture/clear-capture.js";
import { proposePairs, readKnownIds } from "../../../capture/propose/propose-pairs.js";
import { type Teacher, teachByCompress, teachByModel } from "../../../capture/propose/teacher.js";
import type { CompressOptions } from "../../../compress/types.js";
import { loadLanguageModel } from "../../../engine/models/load-language-model.js";
import { loadTokenCounter } from "../../../engine/tokens/load-token-counter.js";
import { BrevisError } from "../../../errors.js";
import { openJsonLines } from "../../../files/append-json-lines.js";
import { lockFile } from "../../../files/lock-file.js";
import { openChatClient } from "../../../llm/open-chat-client.js";
import { readPairs } from "../../../records/read-pairs.js";
import { writeStandardOutput } from "../../files/write-standard-output.js";
import { reportWarning } from "../../terminal/report-error.js";
import { stopOnSignals } from "../../terminal/stop-on-signals.js";
import { formatCount } from "../../terminal/summarize-result.js";
import type { ProposeFlags } from "./add-traffic-commands.js";

/** Runs `brevis records propose`: pairs of what was captured, each added to the file when it is made. */
export async function runPropose(flags: ProposeFlags): Promise<void> {
  const folder = flags.folder ?? captureFolder();
  const output = flags.output ?? capturePaths(folder).proposals;
  await mkdir(dirname(resolve(output)), { recursive: true, mode: 0o700 });
  if (flags.output !== undefined) await rememberExport(folder, resolve(flags.output));
  const unlock = await lockFile(`${output}.lock`, "proposes pairs");
  const signals = stopOnSignals(() => {});
  try {
    const counts = await withTeacher(flags, (teacher) => writeProposals(folder, output, teacher, flags, signals.stop));
    const exitCode = signals.exitCode();
    if (exitCode !== undefined) process.exitCode = exitCode;
    await tell(counts, output, flags);
  } finally {
    signals.release();
    await unlock();
  }
}

/** What became of texts: `proposed`, `known`, `short`, `long`, or why a reference was dropped. */
type Counts = Map<string, number>;

async function writeProposals(
  folder: string,
  output: string,
  teacher: Teacher,
  flags: ProposeFlags,
  signal: AbortSignal,
): Promise<Counts> {
  const { count } = await loadTokenCounter();
  const known = await readKnownIds(readPairs(output, { onBroken: "skip" }));
  const file = await openJsonLines(output, { sync: "close" });
  const counts: Counts = new Map();
  const add = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);
  try {
    const proposals = proposePairs(readCapturedInputs(folder), {
      teacher,
      rate: flags.rate,
      leastCoverage: flags.leastCoverage,
      tokens: { fewest: flags.minTokens, most: flags.maxTokens },
      count,
      isKnown: (id) => known.has(id),
      created: new Date().toISOString(),
      signal,
    });
    for await (const proposal of proposals) {
      if ("pair" in proposal) await file.append(proposal.pair);
      add("pair" in proposal ? "proposed" : "dropped" in proposal ? proposal.dropped : proposal.passed);
      if (flags.limit !== undefined && (counts.get("proposed") ?? 0) >= flags.limit) break;
    }
  } catch (error) {
    // Interrupted: what was proposed stays, and the next run goes on.
    if (!signal.aborted) throw error;
  } finally {
    await file.close();
  }
  return counts;
}

async function withTeacher<T>(flags: ProposeFlags, use: (teacher: Teacher) => Promise<T>): Promise<T> {
  const { teacher, model, adapter } = flags;
  if (teacher !== undefined) {
    if (model !== undefined || adapter !== undefined)
      throw new BrevisError("invalid-option", "Expected one of --teacher and --model but received both.");
    reportWarning(`captured texts, without the secrets that were found in them, are sent to ${teacher}.`);
    // Answers would outlive `brevis capture clear` in the cache.
    const client = await openChatClient({ cache: false });
    try {
      return await use(await teachByModel(client, teacher));
    } finally {
      await client.close();
    }
  }
  if (model === undefined) return use(teachByCompress(adapter === undefined ? {} : { adapter }));
  const loaded = await loadLanguageModel(model);
  try {
    const options: CompressOptions = {
      mode: "abstractive",
      model: loaded,
      ...(adapter === undefined ? {} : { adapter }),
    };
    return await use({
      ...teachByCompress(options),
      name: `compress abstractive ${[model, adapter].join(" ").trim()}`,
    });
  } finally {
    await loaded.dispose();
  }
}

async function tell(counts: Counts, output: string, { json, quiet }: ProposeFlags): Promise<void> {
  if (json) return writeStandardOutput(`${JSON.stringify({ output, ...Object.fromEntries(counts) })}\n`);
  if (quiet) return;
  const { proposed = 0, ...rest } = Object.fromEntries(counts) as Record<string, number>;
  const others = Object.entries(rest).map(
    ([what, count]) => `${formatCount(count)} ${reasons[what] ?? `dropped: ${what}`}`,
  );
  process.stderr.write(
    `${formatCount(proposed)} pairs proposed in ${output}\n${others.map((line) => `  ${line}\n`).join("")}`,
  );
  if (proposed + (rest.known ?? 0) === 0 && counts.size === 0)
    process.stderr.write("Nothing is captured yet: see `brevis capture --help`.\n");
}

const reasons: Readonly<Record<string, string>> = {
  known: "proposed before",
  short: "too short",
  long: "too long, and with nowhere to cut",
  coverage: "dropped: the reference lost too many must-keep words",
  useless: "dropped: the reference saves nothing",
};
