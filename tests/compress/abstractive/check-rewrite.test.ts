import { describe, expect, it } from "vitest";
import { checkRewrite } from "../../../src/compress/abstractive/check-rewrite.js";
import { createTextRules } from "../../../src/compress/text/create-text-rules.js";

const rules = createTextRules({ mustKeep: ["blue folder"], query: undefined });
const source = `The import service retries every request 5 times before it gives up, and it waits 30 s between two attempts. Please do not restart
worker-7 while it runs, because load_config reads /etc/app/config.toml only once. The contracts are in the blue folder of the archive.`;
const good =
  "Import service retries every request 5 times, waits 30 s between attempts. Do not restart worker-7 while it runs: load_config reads /etc/app/config.toml only once. Contracts: blue folder of archive.";
const prompt = "You shorten a text that another language model will read.";

const check = (answer: string, from = source) => checkRewrite(from, answer, prompt, rules);

describe("checkRewrite", () => {
  it("takes a rewrite that holds everything, without what models put around it", () => {
    expect(check(good)).toEqual({ text: good, restored: 0 });
    expect(check(`<think>\n\n</think>\n\n${good}\n`)).toEqual({ text: good, restored: 0 });
    expect(check(`\`\`\`text\n${good}\n\`\`\``)).toEqual({ text: good, restored: 0 });
    expect(check(`<text>\n${good}\n</text>`)).toEqual({ text: good, restored: 0 });
  });

  it.each([
    ["empty", ""],
    ["empty", " \n"],
    ["empty", "ok"],
    ["echo", `${prompt} ${good}`],
    ["echo", `<think>The user wants</think>${good}`],
    ["echo", `${good}<|im_end|>`],
    ["looping", `${good} ${"it waits between the two attempts again ".repeat(4)}`],
    ["fence", `\`\`\`sh\n${good}`],
    [
      "off-topic",
      "I am sorry, but as an assistant my knowledge ends here, so no help with these questions seems possible.",
    ],
    ["invented", good.replace("5 times", "5 times (15 at night)")],
    ["invented", good.replace("30 s", "300 s")],
    ["invented", good.replace("load_config", "load_configs and load_config")],
    ["invented", `${good} See ConfigReader.`],
    ["invented", `${good} […3 lines]`],
    [
      "lost",
      "Import service retries requests and waits between attempts; the service reads its config once; contracts in the archive.",
    ],
  ])("rejects as %s: %s", (rejected, answer) => {
    expect(check(answer)).toEqual({ rejected });
  });

  it("puts a few lost words back where they stood", () => {
    const outcome = check(good.replace(" 5 times", "").replace("30 s ", ""));
    expect(outcome).toMatchObject({ restored: 2 });
    const { text } = outcome as { text: string };
    expect(text).toContain("retries every request 5 times");
    expect(text).toContain("30 s");
  });

  it("puts a lost word back with its clause where nothing is left beside it", () => {
    const more = `${source} Ask Ingrid about it: she will be at extension 4711 until noon.`;
    const outcome = check(good, more);
    expect(outcome).toEqual({ restored: 1, text: `${good} she will be at extension 4711 until noon` });
  });

  it("puts evidence back as it was", () => {
    const failing = `${source}\nThe nightly upload failed because the disk was full.`;
    expect(check(`${good}\nNightly upload failed: disk full.`, failing)).toMatchObject({ restored: 0 });
    expect(check(`${good}\nNightly upload failed.`, failing)).toEqual({
      restored: 1,
      text: `${good}\nNightly upload failed.\nThe nightly upload failed because the disk was full.`,
    });
  });

  it("puts the lines of code back that lost words stand in", () => {
    const code =
      "def read(path):\n    limit_bytes = 4096\n    data = open(path).read(limit_bytes)\n    return data.strip()";
    const outcome = checkRewrite(
      code,
      "def read(path): data = open(path).read(); return data.strip()",
      prompt,
      rules,
      true,
    );
    expect(outcome).toEqual({
      restored: expect.any(Number),
      text: "def read(path): data = open(path).read(); return data.strip(); limit_bytes = 4096; data = open(path).read(limit_bytes)",
    });
  });

  it("knows numbers by their value", () => {
    const counts = "It took three hours to copy 12,500 files of 0.50 MB, and the second run of the copy took two.";
    expect(
      check("Copy: 3 hours, three; 12500 files of 0.5 MB; 12,500 of 0.50 MB. Second run: two", counts),
    ).toMatchObject({
      text: expect.any(String),
    });
    expect(check("Copy took three hours for 12,500 files of 0.50 MB, 4 runs", counts)).toEqual({
      rejected: "invented",
    });
  });

  it("does not take the numbers of a list for invented ones", () => {
    const items =
      "First you open the door of the cabinet, then you take out the key, and then you lock the door again.";
    expect(check("1. open door of cabinet\n2. take out key\n3. lock door again", items)).toMatchObject({ restored: 0 });
  });
});
