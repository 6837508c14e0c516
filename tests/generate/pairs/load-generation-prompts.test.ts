import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { checkRewrite } from "../../../src/compress/abstractive/check-rewrite.js";
import { domains } from "../../../src/compress/abstractive/prompts.js";
import { loadGenerationConfig } from "../../../src/generate/pairs/generation-config.js";
import { loadGenerationPrompts } from "../../../src/generate/pairs/load-generation-prompts.js";
import { tools } from "./make-tools.js";

const packaged = "configs/prompts/generate";

function copyPrompts(change: (name: string, content: string) => string): string {
  const folder = mkdtempSync(join(tmpdir(), "brevis-prompts-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of readdirSync(packaged)) {
    writeFileSync(join(folder, name), change(name, readFileSync(join(packaged, name), "utf8")));
  }
  return folder;
}

describe("the prompts that pairs are made with", () => {
  const { prompts, rules, count } = tools;

  it.each(domains)("%s: the examples pass the checks that answers have to pass", (domain) => {
    const { examples, system } = prompts.byDomain[domain];
    expect(examples.length).toBeGreaterThan(0);
    for (const { source, compressed } of examples) {
      const checked = checkRewrite(source, compressed, "", rules, domain === "code");
      expect(checked).toEqual({ text: compressed.trim(), restored: 0 });
      expect(count(compressed)).toBeLessThan(0.8 * count(source));
      // Symbols that models know, as the prompt's table says it.
      for (const symbol of compressed.match(/[→←≠≈↑↓¬∧∨∀]/gu) ?? []) expect(system).toContain(`    ${symbol} `);
      const labels = compressed.match(/^\s*[a-z]+(?=: )/gmu)?.map((label) => label.trim()) ?? [];
      for (const label of labels) if (!source.includes(label)) expect(system).toContain(`    ${label}: `);
    }
  });

  it("are told apart by their hash, whatever changes in them", async () => {
    const same = await loadGenerationPrompts(copyPrompts((_, content) => content));
    expect(same).toEqual(prompts);
    for (const changed of ["nl.yaml", "code.yaml", "mixed.yaml", "repair.yaml"]) {
      const folder = copyPrompts((name, content) => (name === changed ? content.replace("alone.", "only.") : content));
      expect((await loadGenerationPrompts(folder)).hash).not.toBe(prompts.hash);
    }
  });

  it("are named where they are wrong", async () => {
    const folder = copyPrompts((name, content) => (name === "repair.yaml" ? "user: Again.\n" : content));
    await expect(loadGenerationPrompts(folder)).rejects.toThrow(/repair\.yaml but user/u);
  });
});

describe("the configuration", () => {
  it("is the package's, with the file's values and then the command line's over it", async () => {
    const path = join(
      copyPrompts((_, content) => content),
      "own.yaml",
    );
    writeFileSync(path, "rates: [0.3]\nrepairs: 3\n");
    expect(await loadGenerationConfig(path, { repairs: 0 })).toMatchObject({
      rates: [0.3],
      repairs: 0,
      largestRate: 0.9,
    });
    writeFileSync(path, "rate: 0.3\n");
    await expect(loadGenerationConfig(path)).rejects.toMatchObject({ code: "invalid-option" });
  });
});
