import { describe, expect, it } from "vitest";
import type { QualityRow } from "../../../src/bench/quality/quality-case.js";
import { writeQualityReport } from "../../../src/bench/quality/report/write-quality-report.js";

const row = (contender: string, asked: number | undefined, kept: number, value: number): QualityRow => ({
  case: "evidence",
  texts: "all",
  contender,
  asked,
  kept,
  measure: "evidence <lines>",
  value,
  low: value - 0.1,
  high: value + 0.1,
  documents: 4,
  wanted: 9,
});
const rows = [row("brevis", 0.3, 0.31, 0.9), row("brevis", 0.5, 0.5, 0.95), row("peer", undefined, 0.4, 0.5)];
const on = { date: "2026-01-01", data: "data/samples", node: "v20", machine: "two cores" };

describe("the report of bench quality", () => {
  const page = writeQualityReport(
    { rows, skipped: [{ name: "dense", reads: ["dense.jsonl"] }], missingPeers: ["TOON"] },
    on,
  );

  it("has a curve a compressor, a point for one without a rate, and every figure", () => {
    expect(page.match(/<polyline [^>]*points="[^"]+ [^"]+"/gu)).toHaveLength(1);
    expect(page.match(/<circle/gu)).toHaveLength(3);
    expect(page.match(/<tr><td>/gu)).toHaveLength(3);
    expect(page).toContain("0.950 (0.850 to 1.050)");
    expect(page).toContain("9 in 4");
  });

  it("says what was not measured, escapes what it is told, and fetches nothing", () => {
    expect(page).toContain("dense: the data has no dense.jsonl");
    expect(page).toContain("TOON: not installed");
    expect(page).toContain("evidence &lt;lines&gt;");
    expect(page).not.toMatch(/(?:src|href)=|<script|url\(/u);
  });

  it("draws no picture of figures at one rate", () => {
    expect(writeQualityReport({ rows: rows.slice(1), skipped: [], missingPeers: [] }, on)).not.toContain("<svg");
  });
});
