import { captureFolder } from "../../../capture/capture-folder.js";
import { readCapturedInputs } from "../../../capture/captured-input.js";
import { clearCapture, listCaptured, listExports } from "../../../capture/clear-capture.js";
import { writeStandardOutput } from "../../files/write-standard-output.js";
import { formatCount } from "../../terminal/summarize-result.js";
import { formatBytes } from "../models/format-bytes.js";
import type { CaptureFlags, ClearCaptureFlags } from "./add-capture-command.js";

/** `brevis capture status` */
export async function showCapture({ folder = captureFolder(), json }: CaptureFlags): Promise<void> {
  const kinds = new Map<string, number>();
  const replaced = new Map<string, number>();
  const totals = { texts: 0, tokens: 0 };
  let span: { from: string; to: string } | undefined;
  for await (const input of readCapturedInputs(folder)) {
    totals.texts++;
    totals.tokens += input.tokens;
    span = { from: span?.from ?? input.at, to: input.at };
    kinds.set(input.kind, (kinds.get(input.kind) ?? 0) + 1);
    for (const [kind, count] of Object.entries(input.replaced)) replaced.set(kind, (replaced.get(kind) ?? 0) + count);
  }
  const files = await listCaptured(folder);
  const exports = await listExports(folder);
  const status = {
    folder,
    ...totals,
    ...span,
    kinds: Object.fromEntries([...kinds].sort()),
    replaced: Object.fromEntries([...replaced].sort()),
    files,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    exports,
  };
  await writeStandardOutput(json ? `${JSON.stringify(status)}\n` : describeStatus(status));
}

function describeStatus(status: {
  folder: string;
  texts: number;
  tokens: number;
  from?: string;
  to?: string;
  kinds: Record<string, number>;
  replaced: Record<string, number>;
  files: readonly { path: string; bytes: number }[];
  bytes: number;
  exports: readonly string[];
}): string {
  const { folder, texts, tokens, from, to, files, bytes, exports } = status;
  if (files.length === 0 && exports.length === 0) return `Nothing captured in ${folder}.\n`;
  const counts = (named: Record<string, number>) =>
    Object.entries(named)
      .map(([name, count]) => `${name} ${formatCount(count)}`)
      .join(", ");
  const lines = [
    `${formatCount(texts)} texts of ${formatCount(tokens)} tokens${from === undefined ? "" : `, ${from} to ${to}`}`,
    ...(texts === 0 ? [] : [`kinds: ${counts(status.kinds)}`]),
    `secrets replaced: ${counts(status.replaced) || "none"}`,
    `${formatBytes(bytes)} in ${formatCount(files.length)} files of ${folder}`,
    ...exports.map((path) => `also written to ${path}`),
  ];
  return `${lines.join("\n")}\n`;
}

/** `brevis capture clear` */
export async function runClear({ folder = captureFolder(), exports, json }: ClearCaptureFlags): Promise<void> {
  const { deleted, left } = await clearCapture(folder, { withExports: exports === true });
  if (json) return writeStandardOutput(`${JSON.stringify({ folder, deleted, left })}\n`);
  const bytes = deleted.reduce((sum, file) => sum + file.bytes, 0);
  const lines = [
    ...deleted.map((file) => `deleted ${file.path} (${formatBytes(file.bytes)})`),
    deleted.length === 0
      ? `Nothing captured in ${folder}.`
      : `${formatCount(deleted.length)} files, ${formatBytes(bytes)}`,
    ...left.map((path) => `left ${path}, which pairs were written to: --exports deletes it too`),
  ];
  await writeStandardOutput(`${lines.join("\n")}\n`);
}
