/** Logs (logs_loghub.jsonl): tokens cut, and whether every template of every chunk is still represented by a line. */
import { type CompressResult, compress } from "brevis";
import { type LogChunk, readRecords } from "./records.js";
import { reportTable } from "./report.js";
import { percent } from "./statistics.js";

const rates = [0.5, 0.4, 0.3, 0.2];

/** Templates of a chunk that no kept line shows: a line is kept where the result's omissions leave it whole. */
function lostTemplates(chunk: LogChunk, result: CompressResult): string[] {
  const omitted = result.segments.flatMap((segment) => segment.omitted);
  const kept = new Set<string>();
  let start = 0;
  for (const [index, line] of chunk.text.split("\n").entries()) {
    const end = start + line.length;
    if (!omitted.some((span) => span.start < end && span.end > start)) kept.add(chunk.event_ids[index]!);
    start = end + 1;
  }
  return [...new Set(chunk.event_ids)].filter((template) => !kept.has(template));
}

const chunks = readRecords<LogChunk>("logs_loghub.jsonl");
const rows = [];
for (const rate of rates) {
  let given = 0;
  let kept = 0;
  let templates = 0;
  let lost = 0;
  for (const chunk of chunks) {
    const result = await compress(chunk.text, { rate });
    given += result.tokens.original;
    kept += result.tokens.compressed;
    templates += new Set(chunk.event_ids).size;
    lost += lostTemplates(chunk, result).length;
  }
  rows.push({
    rate,
    "tokens kept": percent(kept / given),
    "tokens cut": percent(1 - kept / given),
    "templates still represented": `${percent(1 - lost / templates, 2)} of ${templates}`,
  });
}
reportTable("logs", `${chunks.length} chunks of 100 lines from eight systems`, rows);
