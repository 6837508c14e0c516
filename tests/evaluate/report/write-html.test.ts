import { parseDocument } from "htmlparser2";
import { describe, expect, it } from "vitest";
import { buildReport } from "../../../src/evaluate/figures/build-report.js";
import { writeHtml } from "../../../src/evaluate/report/write-html.js";

const measures = ["a", "b", "c"].map((document, index) => ({
  ...{ compressor: 'cmd:sh -c "<b>"', id: document, document, domain: "nl", latency: 1 + index * 40 },
  tokens: { verbose: 100, compressed: 40 },
  mustKeep: { words: 5, kept: 5 },
}));
const cells = ["a", "b", "c"].map((document) => ({
  ...{ pair: document, document, domain: "nl", compressor: 'cmd:sh -c "<b>"', model: "m", task: "qa", index: 0 },
  ...{ score: 1, equivalent: document !== "c" },
}));
const options = { resamples: 20, confidence: 0.95, seed: 1 };

describe("writeHtml", () => {
  it("has the figures, both plots and what was not measured, and fetches nothing", () => {
    const notMeasured = [{ what: "gpt", reason: "no <key>" }];
    const html = writeHtml(buildReport({ measures, cells, models: ["m"], notMeasured }, options));
    expect(html).toContain("60.0 %");
    expect(html).toContain("66.7 %");
    expect(html.match(/<svg/gu)).toHaveLength(3);
    expect(html).toContain("no &lt;key&gt;");
    expect(html).not.toContain("<b>");
    expect(html).not.toMatch(/\b(?:src|href)\s*=|https?:|@import|url\(/u);
    expect(parseDocument(html).children.length).toBeGreaterThan(0);
    expect(html).not.toMatch(/NaN|undefined|Infinity/u);
  });

  it("leaves the plot of answers out where no model was asked", () => {
    const html = writeHtml(buildReport({ measures, cells: [], models: [], notMeasured: [] }, options));
    expect(html.match(/<svg/gu)).toHaveLength(2);
    expect(html).toContain("not measured");
  });
});
