import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadRegistry } from "../../src/llm/registry/load-registry.js";
import { readEnvironment } from "../../src/llm/registry/read-environment.js";
import { resolveModel } from "../../src/llm/registry/resolve-model.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "brevis-registry-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(text: string): string {
  const path = join(folder, "models.yaml");
  writeFileSync(path, text);
  return path;
}

describe("the packaged registry", () => {
  const registry = loadRegistry({});

  it("has a model of each provider as its default, and a price for every model", () => {
    const { defaults, models } = registry;
    expect(Object.keys(defaults).sort()).toEqual(["anthropic", "google", "openai"]);
    for (const [provider, slug] of Object.entries(defaults)) expect(models[slug]?.provider, slug).toBe(provider);
    for (const [slug, { context, maxOutput, price }] of Object.entries(models)) {
      expect(price, slug).toBeDefined();
      expect(maxOutput, slug).toBeLessThanOrEqual(context);
    }
  });

  it("knows dated versions of its models by their slug", () => {
    const model = resolveModel(registry, "claude-haiku-4-5-20251001");
    expect(model).toMatchObject({ provider: "anthropic", name: "claude-haiku-4-5-20251001", takesTemperature: true });
    expect(resolveModel(registry, "gpt-4.1-2025-04-14")).toMatchObject({ name: "gpt-4.1-2025-04-14" });
  });

  it("says which models it knows when it does not know one", () => {
    expect(() => resolveModel(registry, "gpt-9")).toThrow(
      expect.objectContaining({ code: "model-missing", hint: expect.stringContaining("gpt-5.6-terra") }),
    );
    expect(() => resolveModel(registry, "compatible:shed")).toThrow(
      expect.objectContaining({ code: "model-missing", hint: expect.stringContaining("BREVIS_SERVER_SHED_URL") }),
    );
  });
});

describe("a registry of the user's own", () => {
  it("is laid over the packaged one, field by field", () => {
    const path = write(`
models:
  gpt-4.1: { price: { input: 1 } }
  mine: { provider: openai, name: ft:gpt-4.1:mine, context: 1000, maxOutput: 100, api: chat }
servers:
  shed: { baseUrl: "http://shed:8080/v1", model: qwen3, key: SHED_KEY }
providers:
  openai: { concurrency: 2 }`);
    const registry = loadRegistry({ BREVIS_MODELS: path });
    expect(resolveModel(registry, "gpt-4.1").price).toMatchObject({ input: 1, output: 8 });
    expect(resolveModel(registry, "mine")).toMatchObject({ name: "ft:gpt-4.1:mine", api: "chat", price: undefined });
    expect(resolveModel(registry, "compatible:shed")).toMatchObject({
      name: "qwen3",
      baseUrl: "http://shed:8080/v1",
      keyVariable: "SHED_KEY",
      takesJsonSchema: false,
    });
    expect(resolveModel(registry, "compatible:shed/org/other").name).toBe("org/other");
    expect(registry.limitsOf("openai")).toEqual({ concurrency: 2, tokensPerMinute: 400_000 });
  });

  it("may describe a server by variables alone", () => {
    const environment = { BREVIS_SERVER_SHED_URL: "http://shed/v1", BREVIS_SERVER_SHED_MODEL: "qwen3" };
    const model = resolveModel(loadRegistry(environment), "compatible:shed");
    expect(model).toMatchObject({ name: "qwen3", baseUrl: "http://shed/v1" });
    expect(model.keyVariable).toBeUndefined();
  });

  it.each([
    [
      "a field that no model has",
      "models: { m: { provider: openai, context: 1, maxOutput: 1, colour: red } }",
      "colour",
    ],
    ["a price that is none", "models: { gpt-4.1: { price: { input: -1 } } }", 'models["gpt-4.1"].price.input'],
    ["a provider that there is not", "models: { m: { provider: acme, context: 1, maxOutput: 1 } }", "provider"],
    ["what is no YAML", "models: [", "models.yaml"],
  ])("with %s is refused, and the message says where", (_, text, place) => {
    const path = write(text);
    expect(() => loadRegistry({}, path)).toThrow(
      expect.objectContaining({ code: "invalid-option", message: expect.stringContaining(place) }),
    );
  });

  it("that is not there is refused", () => {
    expect(() => loadRegistry({ BREVIS_MODELS: join(folder, "absent.yaml") })).toThrow(
      expect.objectContaining({ code: "invalid-option", message: expect.stringContaining("absent.yaml") }),
    );
  });

  it("refuses a server's URL that is none", () => {
    expect(() => loadRegistry({ BREVIS_SERVER_SHED_URL: "shed" })).toThrow(/BREVIS_SERVER_SHED_URL/u);
  });
});

describe("the environment", () => {
  it("comes before .env in the working directory, and empty variables count as unset", () => {
    writeFileSync(join(folder, ".env"), 'ONE=from-file\nTWO="from file" # a comment\nTHREE=file\n');
    expect(readEnvironment(folder, { ONE: "set", TWO: "" })).toEqual({ ONE: "set", TWO: "from file", THREE: "file" });
    expect(readEnvironment(join(folder, "absent"), { ONE: "set" })).toEqual({ ONE: "set" });
  });
});
