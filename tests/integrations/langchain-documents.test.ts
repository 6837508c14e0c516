import { ContextualCompressionRetriever } from "@langchain/classic/retrievers/contextual_compression";
import { Document } from "@langchain/core/documents";
import { FakeRetriever } from "@langchain/core/utils/testing";
import { describe, expect, it } from "vitest";
import { loadTokenCounter } from "../../src/engine/tokens/load-token-counter.js";
import { BrevisDocumentCompressor } from "../../src/integrations/langchain/index.js";
import { writeToolResult } from "../serve/proxy/open-test-proxy.js";

const log = (word: string) =>
  Array.from({ length: 60 }, (_, at) =>
    at === 30 ? `request 30 refused by the ${word} valve` : `request ${at} served in ${(at * 7) % 11} ms`,
  ).join("\n");

const documents = [
  new Document({ id: "a", pageContent: log("amber"), metadata: { source: "a.log", loc: { line: 3 } } }),
  new Document({ id: "b", pageContent: "A short note.", metadata: { source: "b.md" } }),
  new Document({ pageContent: log("teal"), metadata: {} }),
];

function retrieve(compressor: BrevisDocumentCompressor, query: string) {
  const baseRetriever = new FakeRetriever({ output: documents });
  return new ContextualCompressionRetriever({ baseRetriever, baseCompressor: compressor }).invoke(query);
}

describe("BrevisDocumentCompressor in a ContextualCompressionRetriever", () => {
  it("shortens documents with the query in mind, and keeps order, ids, metadata and class", async () => {
    const found = await retrieve(new BrevisDocumentCompressor({ compress: { rate: 0.3 } }), "which valve refused?");
    expect(found.map(({ id, metadata }) => ({ id, metadata }))).toEqual(
      documents.map(({ id, metadata }) => ({ id, metadata })),
    );
    expect(found.every((document) => document instanceof Document)).toBe(true);
    expect(found[0]!.pageContent).toContain("refused by the amber valve");
    expect(found[2]!.pageContent).toContain("refused by the teal valve");
    expect(found[0]!.pageContent.length).toBeLessThan(0.5 * documents[0]!.pageContent.length);
    expect(found[1]).toBe(documents[1]);
    expect(documents[0]!.pageContent).toBe(log("amber"));
  });

  it("keeps what the query asks for, which it would not without", async () => {
    const compressor = new BrevisDocumentCompressor({ compress: { rate: 0.15 } });
    const [asked] = await retrieve(compressor, "request 47");
    const [other] = await retrieve(compressor, "");
    expect(asked!.pageContent).toMatch(/\b47\b/u);
    expect(asked!.pageContent).not.toBe(other!.pageContent);
  });

  it("fits all documents together into a budget, the first ones first", async () => {
    const counter = await loadTokenCounter(undefined);
    const count = (found: { pageContent: string }[]) =>
      found.reduce((sum, { pageContent }) => sum + counter.count(pageContent), 0);
    const whole = count(documents);
    for (const budget of [whole, Math.floor(whole / 2), 200, 20, 0]) {
      const found = await retrieve(new BrevisDocumentCompressor({ budget }), "valve");
      expect(count(found), String(budget)).toBeLessThanOrEqual(budget);
      const ids = documents.map(({ metadata }) => metadata);
      expect(ids).toEqual(expect.arrayContaining(found.map(({ metadata }) => metadata)));
    }
    expect(await retrieve(new BrevisDocumentCompressor({ budget: whole }), "valve")).toEqual(documents);
    const tight = new BrevisDocumentCompressor({ budget: 310 });
    expect((await retrieve(tight, "valve")).map(({ id }) => id)).toEqual(["a"]);
  });

  it("writes no aliases, which two documents would both begin at one", async () => {
    const compressor = new BrevisDocumentCompressor();
    const found = await compressor.compressDocuments([new Document({ pageContent: writeToolResult(1) })], "");
    expect(found[0]!.pageContent).not.toContain("Legend");
  });

  it("refuses options that cannot be meant", () => {
    expect(() => new BrevisDocumentCompressor({ compress: { rate: 7 } })).toThrow(/rate/u);
    expect(() => new BrevisDocumentCompressor({ budget: -1 })).toThrow(/budget/u);
  });
});
