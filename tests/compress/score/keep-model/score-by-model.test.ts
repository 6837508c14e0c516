import { describe, expect, test } from "vitest";
import { compress } from "../../../../src/compress/compress.js";
import { listEngines } from "../../../../src/engine/native/choose-engine.js";

const hasEngine = listEngines().engines.some(({ name, available }) => name === "cpu" && available);
const prose = `The harbour was built in 1893 by engineers who did not have any modern machines. It is worth noting that the
old lighthouse is not a physical barrier against the sea. In general, the fishermen of the village have always said that
the stone pier, which was repaired in 1954, protects the boats from the storms that come from the north-west.`;
const log = "INFO started\nERROR disk full on /dev/sda1\nINFO stopped\n".repeat(4);

describe.runIf(hasEngine)("a call that names the bundled model", () => {
  const options = { model: "keep", rate: 0.5 } as const;

  test("says so, meets the budget and keeps negations and numbers", async () => {
    const result = await compress(prose, options);
    expect(result).toMatchObject({ decision: "compressed", scorer: "keep-model", engine: "cpu", model: "keep" });
    expect(result.rate).toBeLessThanOrEqual(0.5);
    expect(result.text.match(/\b(?:not|1893|1954)\b/gu)).toEqual(["1893", "not", "not", "1954"]);
  });

  test("is the default for prose: a call that names nothing gives the same", async () => {
    const { timings: _, ...named } = await compress(prose, options);
    const { timings: __, ...unnamed } = await compress(prose, { rate: 0.5 });
    expect(unnamed).toEqual(named);
    expect(await compress(prose, { mode: "abstractive" })).toMatchObject({ scorer: "keep-model" });
  });

  test("gives the same bytes warm and cold, alone and in company", async () => {
    const texts = [prose, prose.slice(0, 200), `${prose}\n\n${log}`, `${prose} ${prose.toLowerCase()}`];
    const alone = [];
    for (const text of texts) alone.push((await compress(text, options)).text);
    const together = await Promise.all(texts.map((text) => compress(text, options)));
    expect(together.map(({ text }) => text)).toEqual(alone);
  });

  test("chooses other words than the counts do", async () => {
    const counted = await compress(prose, { rate: 0.4, engine: "none" });
    expect(counted).toMatchObject({ engine: "none" });
    expect(counted.scorer).not.toBe("keep-model");
    // At one rate a short text may happen to lose the same words.
    const textsBy = (chosen: object) =>
      Promise.all([0.3, 0.4, 0.5, 0.6, 0.7].map(async (rate) => (await compress(prose, { ...chosen, rate })).text));
    expect(await textsBy(options)).not.toEqual(await textsBy({ engine: "none" }));
  });

  test("leaves alone what the model does not speak of: lines, and other languages", async () => {
    const german = `Der Hafen wurde 1893 von Ingenieuren gebaut, die keine modernen Maschinen hatten. Die Fischer des Dorfes
haben immer gesagt, dass die steinerne Mole die Boote vor den Stürmen schützt, die aus dem Nordwesten kommen.`;
    for (const text of [log, german]) {
      const asked = await compress(text, options);
      expect(asked.scorer).not.toBe("keep-model");
      expect(asked.text).toBe((await compress(text, { rate: 0.5, engine: "none" })).text);
    }
  });

  test("honours the deadline and the signal", async () => {
    const long = Array.from({ length: 400 }, (_, at) => `${prose} Chapter ${at}.`).join("\n\n");
    const late = await compress(long, { ...options, deadlineMs: 1 });
    expect(late.decision).not.toBe("failed-open");
    expect(late.warnings.map(({ code }) => code)).toContain("deadline");
    await expect(compress(prose, { ...options, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "aborted",
    });
  });

  test("refuses a model of another kind", async () => {
    const model = "tests/native/fixtures/tied-gqa1";
    await expect(compress(prose, { model })).rejects.toMatchObject({ code: "model-invalid" });
  });
});

test("a model that is not there is an error where the caller named it", async () => {
  await expect(compress(prose, { model: "no/such/model" })).rejects.toMatchObject({ code: "model-missing" });
});

test("engine none uses no model, even a named one", async () => {
  expect(await compress(prose, { model: "keep", engine: "none" })).toMatchObject({ engine: "none" });
});
