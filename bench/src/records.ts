import { readFileSync } from "node:fs";
import { join } from "node:path";

/** One captured output of a tool, as in tool_outputs.jsonl. */
export interface ToolOutput {
  readonly id: string;
  readonly kind: string;
  readonly command: string;
  readonly exit_code: number;
  readonly text: string;
}

/** A chunk of a log whose lines carry the ids of their templates, as in logs_loghub.jsonl. */
export interface LogChunk {
  readonly id: string;
  readonly system: string;
  readonly text: string;
  readonly event_ids: readonly string[];
}

/** Reads a JSONL file of the folder that `DATA` names. */
export function readRecords<Row>(file: string): Row[] {
  const folder = process.env.DATA;
  if (folder === undefined) {
    throw new Error(`Expected DATA to name the folder that holds ${file}. Run: make bench DATA=../shared/data`);
  }
  return readJsonLines(join(folder, file));
}

/** Reads a JSONL file. */
export function readJsonLines<Row>(path: string): Row[] {
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Row);
}
