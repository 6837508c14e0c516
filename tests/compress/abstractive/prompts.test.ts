import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { checkRewrite } from "../../../src/compress/abstractive/check-rewrite.js";
import { loadAdapterPrompts } from "../../../src/compress/abstractive/load-adapter-prompts.js";
import { domains, loadPrompts } from "../../../src/compress/abstractive/prompts.js";
import { renderPrompt } from "../../../src/compress/abstractive/render-prompt.js";
import { createTextRules } from "../../../src/compress/text/create-text-rules.js";
import { loadTokenCounter } from "../../../src/engine/tokens/load-token-counter.js";

const prompts = await loadPrompts();
const counter = await loadTokenCounter();
const rules = createTextRules({ mustKeep: [], query: undefined });

function makeAdapter(config: unknown, files: Record<string, string> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "brevis-adapter-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "adapter_config.json"), JSON.stringify(config));
  if (Object.keys(files).length > 0) mkdirSync(join(folder, "prompts"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, "prompts", name), content);
  return folder;
}

describe("the package's prompts", () => {
  const examples = domains.flatMap((domain) =>
    prompts[domain].examples.map(({ source, compressed }, index) => ({ domain, index, source, compressed })),
  );

  it.each(examples)("$domain example $index is what the guard asks for", ({ domain, source, compressed }) => {
    const outcome = checkRewrite(source, compressed, "", rules, domain === "code");
    expect(outcome).toEqual({ text: compressed.trim(), restored: 0 });
    expect(counter.count(compressed)).toBeLessThan(0.8 * counter.count(source));
  });

  it.each(domains)("%s: the system message is the same for every text", (domain) => {
    const [first] = renderPrompt(prompts[domain], { text: "One.", target: 10, mustKeep: ["7"] });
    const [second] = renderPrompt(prompts[domain], { text: "Another.", target: 99, mustKeep: [] });
    expect(first).toEqual(second);
    expect(first!.content).toContain(prompts[domain].examples[0]!.compressed.trim());
  });

  it("says how long, what must stay, and the text, which is never read as a place", () => {
    const text = "{target} and {mustKeep} $& {text}";
    const request = { text, target: 42, mustKeep: ["v1.2", "v1.2", "`a` $1", "two\nlines"] };
    const user = renderPrompt(prompts.nl, request)[1]!.content;
    expect(user).toBe(
      `Shorten this text to at most 42 tokens.\nEach of these stays as it is written: v1.2, \`a\` $1\n<text>\n${text}\n</text>`,
    );
    const without = renderPrompt(prompts.nl, { ...request, mustKeep: [] })[1]!.content;
    expect(without).toBe(`Shorten this text to at most 42 tokens.\n<text>\n${text}\n</text>`);
  });
});

describe("an adapter's own prompts", () => {
  const own = { system: "Own system.", user: "Own: {text}" };

  it("come from its config, for the domains that it names", async () => {
    const found = await loadAdapterPrompts(makeAdapter({ brevis: { prompts: { nl: own } } }));
    expect(found.nl).toEqual({ ...own, domain: "nl", examples: [] });
    expect(found.code).toBe(prompts.code);
  });

  it("or from files beside it", async () => {
    const found = await loadAdapterPrompts(makeAdapter({}, { "code.yaml": "system: S\nuser: 'U {text}'\n" }));
    expect(found.code).toMatchObject({ domain: "code", system: "S", user: "U {text}" });
    expect(found.nl).toBe(prompts.nl);
  });

  it("are the package's where it has none", async () => {
    expect(await loadAdapterPrompts(makeAdapter({ lora_alpha: 8 }))).toEqual(prompts);
  });

  it.each([
    [
      "no place for the text",
      { brevis: { prompts: { nl: { system: "S", user: "U" } } } },
      {},
      /user: expected \{text\}/,
    ],
    ["an unknown field", { brevis: { prompts: { nl: { ...own, extra: 1 } } } }, {}, /extra/],
    ["another domain", {}, { "nl.yaml": "domain: code\nsystem: S\nuser: 'U {text}'\n" }, /domain: expected nl/],
    ["no YAML", {}, { "nl.yaml": "system: [" }, /nl\.yaml/],
  ])("are refused with %s", async (_, config, files, message) => {
    await expect(loadAdapterPrompts(makeAdapter(config, files))).rejects.toMatchObject({
      code: "model-invalid",
      message: expect.stringMatching(message),
    });
  });
});
