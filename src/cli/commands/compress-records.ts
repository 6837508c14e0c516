import { createCompressor } from "../../compress/create-compressor.js";
import type { CompressResult } from "../../compress/types.js";
import { BrevisError } from "../../errors.js";
import type { InputLine } from "../../files/read-lines.js";
import { decodeUtf8 } from "../../files/read-text.js";
import { openOutput } from "../files/open-output.js";
import { nameOf, refuseSilentTerminal, standardInput } from "../files/read-input.js";
import { readInputLines, sizeOfInput } from "../files/read-lines.js";
import { reportWarning } from "../terminal/report-error.js";
import { startProgress } from "../terminal/start-progress.js";
import { formatCount, formatShare, wantsRemarks } from "../terminal/summarize-result.js";
import type { CompressCommandFlags } from "./add-compress-command.js";
import { readCompressOptions } from "./compress-flags.js";
import { openCommandStore } from "./open-command-store.js";
import type { CompressSetup } from "./worker/compress-kind.js";

interface Tally {
  records: number;
  failed: number;
  original: number;
  compressed: number;
  warnings: Map<string, number>;
}

type Compress = (text: string) => Promise<CompressResult>;

/** What compresses the records: this process, or workers by way of a queue, which take many at once. */
interface Compression {
  readonly compress: Compress;
  readonly atOnce: number;
  close(): Promise<void>;
}

/** `brevis compress --jsonl IN`: one record in, one out, in order and in constant memory. */
export async function compressRecords(name: string, flags: CompressCommandFlags): Promise<void> {
  if (name === standardInput) refuseSilentTerminal();
  const compression = flags.queue === undefined ? await compressHere(flags) : await compressInQueue(flags.queue, flags);
  try {
    // What is wrong with the options is wrong with every record: it is said once, before the first.
    await compression.compress("");
    await writeRecords(name, compression, flags);
  } finally {
    await compression.close();
  }
}

async function compressHere(flags: CompressCommandFlags): Promise<Compression> {
  const store = await openCommandStore(flags.store, flags.quiet);
  const options = { ...readCompressOptions(flags), ...(store === undefined ? {} : { store }) };
  // One compressor for all records: a model is loaded once.
  const compressor = createCompressor();
  const compress = (text: string) => compressor.compress(text, options);
  return { compress, atOnce: 1, close: () => compressor.dispose() };
}

/** Flags that do not change how a text is compressed. */
const ownFlags = new Set(["json", "jsonl", "output", "queue", "quiet", "stream", "textField", "verbose"]);

async function compressInQueue(queue: string, flags: CompressCommandFlags): Promise<Compression> {
  // Wrong options are refused here, whether a worker is there or not.
  readCompressOptions(flags);
  const { openTaskDesk } = await import("../../queue/open-task-desk.js");
  const setup = Object.fromEntries(Object.entries(flags).filter(([name]) => !ownFlags.has(name))) as CompressSetup;
  const warn = flags.quiet ? undefined : reportWarning;
  const desk = await openTaskDesk<CompressSetup, string, CompressResult>({ queue, kind: "compress", setup, warn });
  const compress = async (text: string) => {
    // The same text is the same work.
    const outcome = await desk.order({ key: "record", data: text });
    if ("error" in outcome) throw outcome.error;
    return outcome.result;
  };
  return { compress, atOnce: 64, close: () => desk.close() };
}

async function writeRecords(
  name: string,
  { atOnce, compress }: Compression,
  flags: CompressCommandFlags,
): Promise<void> {
  const total = await sizeOfInput(name);
  const output = await openOutput(flags.output);
  const progress = startProgress(total, "bytes", !flags.quiet);
  const tally: Tally = { records: 0, failed: 0, original: 0, compressed: 0, warnings: new Map() };
  const underWay: { written: Promise<string | undefined>; length: number }[] = [];
  const writeFirst = async () => {
    const first = underWay.shift();
    const written = await first?.written;
    if (written !== undefined) await output.write(`${written}\n`);
    progress.advance(first?.length ?? 0);
  };
  try {
    for await (const line of readInputLines(name)) {
      const written = compressRecord(line, nameOf(name), flags.textField, compress, tally);
      written.catch(() => {});
      underWay.push({ written, length: line.length });
      if (underWay.length >= atOnce) await writeFirst();
    }
    while (underWay.length > 0) await writeFirst();
    await output.commit();
  } finally {
    progress.stop();
    await output.discard();
  }
  summarize(tally, flags);
}

/** A record with its `result`; undefined for a blank line. */
async function compressRecord(
  line: InputLine,
  name: string,
  textField: string,
  compress: Compress,
  tally: Tally,
): Promise<string | undefined> {
  let record: { raw: string; fields: Record<string, unknown> } | undefined;
  try {
    const raw = decodeUtf8(line.bytes, "the record").trim();
    if (raw === "") return undefined;
    record = { raw, fields: parseRecord(raw) };
    const result = await compress(readText(record.fields, textField));
    addToTally(tally, result);
    return withResult(record, result);
  } catch (error) {
    if (error instanceof BrevisError && error.code === "aborted") throw error;
    tally.records++;
    tally.failed++;
    const { code, message } = error instanceof BrevisError ? error : new BrevisError("internal", String(error));
    const place = `${name}:${line.number}: ${message}`;
    reportWarning(place);
    return withResult(record, { error: { code, message: place } });
  }
}

function parseRecord(raw: string): Record<string, unknown> {
  let record: unknown;
  try {
    record = JSON.parse(raw);
  } catch (cause) {
    throw new BrevisError("invalid-input", `Expected a JSON object but ${(cause as Error).message}.`, { cause });
  }
  if (typeof record === "object" && record !== null && !Array.isArray(record)) return record as Record<string, unknown>;
  const received = Array.isArray(record) ? "an array" : record === null ? "null" : `a ${typeof record}`;
  throw new BrevisError("invalid-input", `Expected a JSON object but received ${received}.`);
}

function readText(fields: Record<string, unknown>, textField: string): string {
  const text = Object.hasOwn(fields, textField) ? fields[textField] : undefined;
  if (typeof text === "string") return text;
  const received = text === undefined ? `the fields ${Object.keys(fields).join(", ") || "(none)"}` : `a ${typeof text}`;
  throw new BrevisError("invalid-input", `Expected text in the field "${textField}" but received ${received}.`, {
    hint: "Name the field with --text-field.",
  });
}

/** The record's own bytes with `result` at the end: numbers beyond 2^53 and escapes stay as they are. */
function withResult(
  record: { raw: string; fields: Record<string, unknown> } | undefined,
  result: CompressResult | { error: { code: string; message: string } },
): string {
  if (record === undefined) return JSON.stringify({ result });
  if (Object.hasOwn(record.fields, "result")) return JSON.stringify({ ...record.fields, result });
  const separator = Object.keys(record.fields).length === 0 ? "" : ",";
  return `${record.raw.slice(0, -1)}${separator}"result":${JSON.stringify(result)}}`;
}

function addToTally(tally: Tally, { tokens, warnings }: CompressResult): void {
  tally.records++;
  tally.original += tokens.original;
  tally.compressed += tokens.compressed;
  for (const { code } of warnings) tally.warnings.set(code, (tally.warnings.get(code) ?? 0) + 1);
}

function summarize({ records, failed, original, compressed, warnings }: Tally, flags: CompressCommandFlags): void {
  if (failed > 0 && !flags.quiet)
    reportWarning(`${formatCount(failed)} of ${formatCount(records)} records failed; "result.error" says why.`);
  if (!wantsRemarks(flags)) return;
  const rate = original === 0 ? 1 : compressed / original;
  const noted = [...warnings].map(([code, times]) => `, ${code} ${formatCount(times)} times`).join("");
  const tokens = `${formatCount(original)} -> ${formatCount(compressed)} tokens (${formatShare(rate)})`;
  process.stderr.write(`${formatCount(records)} records, ${tokens}${noted}\n`);
}
