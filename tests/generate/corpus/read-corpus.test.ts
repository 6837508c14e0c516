import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { loadTokenCounter } from "../../../src/engine/tokens/load-token-counter.js";
import type { CorpusText, LeftOut } from "../../../src/generate/corpus/corpus-text.js";
import { type CorpusOptions, readCorpus } from "../../../src/generate/corpus/read-corpus.js";

const { count } = await loadTokenCounter();

async function read(files: Readonly<Record<string, string | Buffer>>, options: Partial<CorpusOptions> = {}) {
  const root = join(mkdtempSync(join(tmpdir(), "brevis-corpus-")), "project");
  onTestFinished(() => rmSync(dirname(root), { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  const left: LeftOut[] = [];
  const texts: CorpusText[] = [];
  const sizes = { fewest: 12, most: 120 };
  const tools = {
    count,
    sizes: { text: sizes, code: sizes, records: sizes },
    fewestStatements: 3,
    onLeftOut: (reason: LeftOut) => void left.push(reason),
  };
  for await (const text of readCorpus({ paths: [root], onBroken: "fatal", ...options }, tools)) texts.push(text);
  return { texts, left };
}

const paragraph = (name: string) =>
  `${name} moved the archive to another building in 1974, since the cellar had been flooded twice, and nobody wanted to dry the maps a third time.`;

const python = `
import os


# Reads what the user asked for.
# Never follows links.
@cached
def read_all(path, limit=10):
    found = []
    for name in os.listdir(path):
        if len(found) >= limit:
            break
        found.append(name)
    return found


def trivial(self): return self.first_of_the_many_things_that_are_here_for_us(1, 2, 3)


class Reader:
    def test_that(self):
        one = 1
        two = 2
        return one + two + sum(range(10)) + len("longer than it should be")


class Store:
${Array.from(
  { length: 6 },
  (_, index) => `    def method_${index}(self, value):
        """Stores a value."""
        if value is None:
            raise ValueError("no value ${index}")
        self.values.append(value)
        return len(self.values)
`,
).join("\n")}
def test_reader():
    reader = Reader()
    result = reader.read(1)
    other = reader.read(2)
    assert result != other
`;

describe("readCorpus", () => {
  it("cuts Markdown and text at paragraphs, keeps headings and fences with theirs, and says where each is from", async () => {
    const markdown = `---\ntitle: x\n---\n# Archive\n\n${["Anna", "Boris", "Carla", "Dora", "Emil"].map(paragraph).join("\n\n")}\n\n## Use\n\n${paragraph("Fritz")}\n\n\`\`\`sh\nnpm ci\n\nnpm test\n\`\`\`\n`;
    const { texts } = await read(
      { "docs/guide.md": markdown, "notes.txt": `SPDX-License-Identifier: MIT\n${paragraph("Gerd")}` },
      { licence: "Apache-2.0" },
    );
    const guide = texts.filter(({ document }) => document === "project/docs/guide.md");
    expect(guide.length).toBeGreaterThan(1);
    expect(guide.map(({ text }) => text).join("\n\n")).toBe(markdown.slice(markdown.indexOf("# Archive")).trim());
    expect(guide.at(-1)).toMatchObject({ domain: "mixed", source: "project", licence: "Apache-2.0" });
    expect(guide.at(-1)!.text).toContain("```sh\nnpm ci\n\nnpm test\n```");
    expect(guide[0]).toMatchObject({ domain: "nl" });
    expect(texts.find(({ document }) => document === "project/notes.txt")).toMatchObject({ licence: "MIT" });
  });

  it("cuts code into functions with their remarks, and large classes into methods; no tests, nothing trivial", async () => {
    const { texts, left } = await read({ "src/store.py": python });
    const firstLines = texts.map(({ text }) => text.split("\n")[0]);
    expect(firstLines[0]).toBe("# Reads what the user asked for.");
    expect(texts[0]!.text).toContain("@cached\ndef read_all");
    expect(texts[0]!.text).toMatch(/return found$/u);
    expect(firstLines.slice(1)).toEqual(Array.from({ length: 6 }, (_, index) => `def method_${index}(self, value):`));
    expect(texts[1]!.text).toContain('\n    raise ValueError("no value 0")'.replace("\n    ", "\n        "));
    expect(texts.every(({ domain, language }) => domain === "code" && language === "python")).toBe(true);
    expect(left).toEqual(expect.arrayContaining(["trivial", "test"]));
  });

  it.each([
    [
      "typescript",
      "a.ts",
      "/** Adds. */\nexport const addAll = (values: number[]): number => {\n  let sum = 0;\n  for (const value of values) {\n    if (value > 0) sum += value;\n  }\n  return sum;\n};\n",
    ],
    [
      "go",
      "a.go",
      "package a\n\n// AddAll adds.\nfunc AddAll(values []int) int {\n\tsum := 0\n\tfor _, value := range values {\n\t\tif value > 0 {\n\t\t\tsum += value\n\t\t}\n\t}\n\treturn sum\n}\n",
    ],
    [
      "rust",
      "a.rs",
      "/// Adds.\n#[inline]\npub fn add_all(values: &[i32]) -> i32 {\n    let mut sum = 0;\n    for value in values {\n        if *value > 0 {\n            sum += value;\n        }\n    }\n    sum\n}\n",
    ],
    [
      "java",
      "A.java",
      "class A {\n  /** Adds. */\n  int addAll(int[] values) {\n    int sum = 0;\n    for (int value : values) {\n      if (value > 0) sum += value;\n    }\n    return sum;\n  }\n}\n",
    ],
    [
      "cpp",
      "a.cpp",
      "namespace a {\n// Adds.\nint add_all(const std::vector<int>& values) {\n  int sum = 0;\n  for (int value : values) {\n    if (value > 0) sum += value;\n  }\n  return sum;\n}\n}\n",
    ],
  ])("knows functions of %s", async (language, name, content) => {
    const { texts } = await read({ [name]: content });
    expect(texts).toHaveLength(1);
    expect(texts[0]).toMatchObject({ language, domain: "code" });
    expect(texts[0]!.text).toMatch(/Add|Adds/u);
    expect(texts[0]!.text).toContain("sum");
  });

  it("leaves out tests, generated and minified files, other encodings, and texts of hardly any words", async () => {
    const code = python.slice(0, python.indexOf("def trivial"));
    const { texts, left } = await read({
      "tests/store.py": code,
      "src/store_test.py": code,
      "src/api_pb2.py": code,
      "src/made.py": `# Code generated by a tool. DO NOT EDIT.\n${code}`,
      "src/min.js": `function a(){${"b(1);".repeat(600)}}`,
      "latin1.txt": Buffer.from(`${paragraph("Andr\u00e9")}`, "latin1"),
      "rulers.txt": `${"+----+----+\n|  | |\n".repeat(3)}`,
      "node_modules/x/index.md": paragraph("Nobody"),
      ".hidden/notes.md": paragraph("Nobody"),
    });
    expect(texts).toEqual([]);
    expect(left.sort()).toEqual(["generated", "generated", "generated", "little-text", "test", "test", "unreadable"]);
  });

  it("reads records: texts, conversations, and what tools printed", async () => {
    const records = [
      { id: "a", text: paragraph("Anna"), source: "wiki", licence: "CC-BY-4.0" },
      {
        id: "b",
        messages: [
          { role: "user", content: "Could you please tell me which port the server of the archive uses?" },
          {
            role: "assistant",
            content: [
              { type: "text", text: "It uses port 8443." },
              { type: "tool_use", input: {} },
            ],
          },
          { role: "user", content: [{ type: "tool_result", content: [{ type: "text", text: "port=8443" }] }] },
        ],
      },
      {
        id: 3,
        text: "3 files changed, 40 insertions in src/a.ts and the other files there",
        command: "git diff --stat",
        document: "session-1",
      },
    ];
    const lines = records.map((record) => JSON.stringify(record)).join("\n");
    const { texts } = await read({ "log.jsonl": lines }, { source: "given" });
    expect(texts).toMatchObject([
      { domain: "nl", source: "wiki", licence: "CC-BY-4.0", document: "project/log.jsonl:a" },
      { source: "given", document: "project/log.jsonl:b" },
      { domain: "mixed", document: "session-1" },
    ]);
    expect(texts[1]!.text).toBe(
      "User: Could you please tell me which port the server of the archive uses?\n\nAssistant: It uses port 8443.\n\nUser: port=8443",
    );
  });

  it("names file and line of a broken record", async () => {
    const broken = { "log.jsonl": `{"text":"fine, but too short"}\n{"no":"text"}\n` };
    await expect(read(broken)).rejects.toThrow(/log\.jsonl:2 but .*expected a text or messages/u);
    const skipped: string[] = [];
    await read(broken, { onBroken: "skip", onSkip: ({ message }) => void skipped.push(message) });
    expect(skipped).toHaveLength(1);
  });

  it("says that there is nothing to read", async () => {
    await expect(read({ "image.png": "x" })).rejects.toMatchObject({ code: "invalid-input" });
  });
});
