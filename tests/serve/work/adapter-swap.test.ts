/** An adapter that is installed anew under the operator's name is in use at the next request: nothing that the old one wrote is remembered for it. */
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { type AdapterFacts, registerAdapter } from "../../../src/engine/models/register-adapter.js";
import { configurationSchema } from "../../../src/serve/configuration/configuration-schema.js";
import { createCompressService } from "../../../src/serve/work/compress-service.js";
import { makeModelDirectory, makeTemporaryFolder } from "../../engine/models/make-model-directory.js";
import { hasAddon } from "../../engine/native/fixture-models.js";
import { fixtureAdapters } from "../../train/make-run.js";

const text =
  `${"It was said that the old house on the hill would be sold to somebody from far away. ".repeat(8)}\n\n`.repeat(2);

describe.skipIf(!hasAddon)("a server whose adapter is installed by name", () => {
  it("answers by the version that is installed now", async () => {
    vi.stubEnv("BREVIS_HOME", makeTemporaryFolder());
    onTestFinished(() => void vi.unstubAllEnvs());
    const facts: AdapterFacts = {
      name: "short",
      base: { model: makeModelDirectory(), config: "0" },
      format: "peft",
      rank: 4,
      evaluation: { side: "test", data: "0", examples: 1, loss: 1, baseLoss: 2 },
      run: { name: "r", folder: "/r", backend: "peft", prompts: "default" },
    };
    await registerAdapter(fixtureAdapters.first, facts);
    const configuration = configurationSchema.parse({ workers: 0, compress: { adapter: "short", engine: "cpu" } });
    const service = createCompressService(configuration);
    onTestFinished(() => service.close());
    const ask = async (mode: "abstractive" | "extractive") => {
      const { cached, json } = await service.compress({ text, options: { mode, rate: 0.5 } });
      return { cached, warned: JSON.parse(json).warnings.map(({ code }: { code: string }) => code) };
    };
    // What a random model writes is rejected, but it was asked, with the base that the adapter brings.
    expect(await ask("abstractive")).toEqual({ cached: false, warned: ["rewrite-rejected"] });
    expect(await ask("abstractive")).toEqual({ cached: true, warned: ["rewrite-rejected"] });
    expect((await ask("extractive")).cached).toBe(false);
    await registerAdapter(fixtureAdapters.second, facts);
    expect(await ask("abstractive")).toEqual({ cached: false, warned: ["rewrite-rejected"] });
    expect((await ask("abstractive")).cached).toBe(true);
    expect((await ask("extractive")).cached).toBe(true);
  }, 60_000);
});
