import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { groupDocuments, splitOf } from "../../../src/bench/quality/data/group-documents.js";
import { openQualityData } from "../../../src/bench/quality/data/quality-data.js";
import { readTexts } from "../../../src/bench/quality/data/read-texts.js";

const words = (from: number, count: number) => Array.from({ length: count }, (_, at) => `word${from + at}`).join(" ");

describe("documents", () => {
  it("are what the source says, and what shares runs of words", () => {
    const texts = [
      { document: "a", text: words(0, 400) },
      { document: "b", text: words(1000, 400) },
      { document: "a", text: words(2000, 400) },
      { document: "c", text: `${words(1200, 200)} ${words(3000, 300)}` },
    ];
    expect(groupDocuments(texts)).toEqual(["a", "b", "a", "b"]);
  });

  it("are split as in training", () => {
    // Given by split_of() of scripts/keep/labels/documents.py.
    const expected = {
      "pair-0": "valid",
      "pair-5": "valid",
      "pair-15": "valid",
      "pair-1": "train",
      "pair-2": "train",
      "pair-3": "train",
      "pair-11": "dev",
      "pair-12": "dev",
      "pair-13": "dev",
    } as const;
    for (const [document, split] of Object.entries(expected))
      expect(`${document} ${splitOf(document)}`).toBe(`${document} ${split}`);
  });
});

describe("a data folder", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "brevis-quality-"));
    const question = (id: string, context: string, start: number, text: string) =>
      JSON.stringify({ id, title: "Some_Town", context, question: "?", answers: [{ start, text }] });
    const contexts = ["😀 in the town of Bern there is a bear", "nothing else to see"];
    writeFileSync(
      join(folder, "qa_extractive.jsonl"),
      [
        question("1", contexts[0]!, 17, "Bern"),
        question("2", contexts[0]!, 33, "bear"),
        question("3", contexts[1]!, 0, "nothing"),
      ].join("\n"),
    );
    writeFileSync(
      join(folder, "dense.jsonl"),
      '{"id":"d","kind":"ids","text":"x"}\n{"id":"e","kind":"ids","text":"y"}\n',
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("gives each paragraph once, with its answers in UTF-16 code units", async () => {
    const [paragraph] = await readTexts(folder);
    const answers = paragraph!.questions!.map(([span]) => paragraph!.text.slice(span!.start, span!.end));
    expect(answers).toEqual(["Bern", "bear"]);
    expect(paragraph!.document).toBe("wikipedia:some town");
  });

  it("gives at most so many texts of each group", async () => {
    const data = await openQualityData(folder);
    expect(data.all("dense")).toHaveLength(2);
    expect(data.all("pairs")).toEqual([]);
    const first = await openQualityData(folder, 1);
    expect(first.all("dense").map(({ id }) => id)).toEqual(["d"]);
  });

  it("names the line of a row that is not as it should be", async () => {
    writeFileSync(join(folder, "meeting_qa.jsonl"), '{"id":"m","context":"x"}\n');
    await expect(readTexts(folder)).rejects.toThrow(/meeting_qa\.jsonl:1/u);
  });
});
