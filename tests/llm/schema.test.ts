import { describe, expect, it } from "vitest";
import { isStrictSchema } from "../../src/llm/providers/create-openai-client.js";
import { loadPackage } from "../../src/load-package.js";

describe("isStrictSchema", () => {
  const closed = {
    type: "object",
    properties: { a: { type: "string" } },
    required: ["a"],
    additionalProperties: false,
  };

  it.each([
    ["a closed object", closed, true],
    ["closed objects within", { ...closed, properties: { a: { type: "array", items: closed } } }, true],
    ["no object at all", { type: "string" }, true],
    ["an open object", { ...closed, additionalProperties: true }, false],
    ["an optional property", { ...closed, required: [] }, false],
    ["an open object within", { ...closed, properties: { a: { anyOf: [closed, { type: "object" }] } } }, false],
  ])("%s: %s", (_, schema, expected) => {
    expect(isStrictSchema(schema)).toBe(expected);
  });
});

describe("loadPackage", () => {
  it("says how to install what is not there", async () => {
    const name = "a-package-that-is-not-there";
    await expect(loadPackage(name, () => import(/* @vite-ignore */ name))).rejects.toMatchObject({
      code: "model-missing",
      hint: `Run \`npm install ${name}\`.`,
    });
  });

  it("passes on whatever else goes wrong", async () => {
    const load = () => Promise.reject(new Error("broken"));
    await expect(loadPackage("x", load)).rejects.toThrow("broken");
  });
});
