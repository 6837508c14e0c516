import { basename } from "node:path";
import Table from "cli-table3";
import type { BriefMeta } from "../../../briefs/meta/brief-meta.js";
import { errorColours } from "../../terminal/terminal-colours.js";
import type { DoneBrief } from "./compress-briefs.js";

const bare = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

/** The summary of compressed briefs: a row each, and what all of them come to. */
export function drawBriefs(done: readonly DoneBrief[]): string {
  const colours = errorColours();
  const table = new Table({
    head: ["BRIEF", "TOKENS", "RATIO", "KERNELS", "RETAINED", "MUST-KEEP", "2ND EXTRACTOR", "COST", ""],
    colAligns: ["left", "right", "right", "right", "right", "right", "right", "right", "left"],
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
    chars: bare,
  });
  const metas = done.flatMap(({ brief, outcomes }) =>
    outcomes.map(({ meta, level }) => ({ brief, meta, suffix: level.suffix })),
  );
  for (const { brief, meta, suffix } of metas) table.push(drawRow(`${basename(brief)}${suffix}`, meta));
  const notes = metas.flatMap(({ brief, meta }) =>
    meta.comment === null ? [] : [`${basename(brief)}: ${meta.comment}`],
  );
  return [
    table.toString(),
    ...(metas.length > 1 ? [drawTotal(metas.map(({ meta }) => meta))] : []),
    ...notes.map(colours.dim),
  ].join("\n");
}

function drawRow(name: string, meta: BriefMeta): string[] {
  const colours = errorColours();
  const { metrics, source } = meta;
  const after = Math.round(source.tokens / (metrics.compressionRatio || 1));
  return [
    name,
    `${source.tokens} → ${meta.minified?.tokens ?? after}`,
    `${metrics.compressionRatio.toFixed(2)}x`,
    `${metrics.kernelsRetained.length}/${source.kernels}`,
    metrics.retentionRatio.toFixed(3),
    metrics.mustKeepRecall.toFixed(3),
    metrics.keySentenceRetention.toFixed(3),
    drawCost(meta.meta.cost),
    meta.decision === "compressed" ? colours.green("compressed") : colours.yellow("rejected"),
  ];
}

function drawTotal(metas: readonly BriefMeta[]): string {
  const before = sum(metas.map(({ source }) => source.tokens));
  // A rejected brief stays in use as it is.
  const after = sum(metas.map(({ source, minified }) => minified?.tokens ?? source.tokens));
  const costs = metas.map(({ meta }) => meta.cost);
  const cost = costs.includes(null) ? null : sum(costs.map((value) => value ?? 0));
  return `${metas.length} files: ${before} → ${after} tokens, ${(before / after).toFixed(2)}x, ${drawCost(cost)}`;
}

function drawCost(cost: number | null): string {
  return cost === null ? "cost unknown" : cost === 0 ? "$0" : `$${cost.toFixed(4)}`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
