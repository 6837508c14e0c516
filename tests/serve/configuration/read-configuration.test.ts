import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readConfiguration } from "../../../src/serve/configuration/read-configuration.js";

const path = join(import.meta.dirname, "..", "..", "..", "configs", "serve.yaml");

describe("the service's configuration", () => {
  it("is by default what configs/serve.yaml says", () => {
    expect(readConfiguration(path)).toEqual(readConfiguration());
    expect(readConfiguration()).toMatchObject({ host: "127.0.0.1", port: 3000, limits: { documents: 50 } });
  });

  it("takes the command line before the file", () => {
    expect(readConfiguration(path, { port: 1234, host: undefined })).toMatchObject({ port: 1234, host: "127.0.0.1" });
  });

  it.each([
    { port: 70_000 },
    { workers: -1 },
    { tokenFrom: "a b" },
    { allowedOrigins: ["everywhere"] },
    { limits: { documents: 0 } },
  ])("refuses %j", (settings) => {
    expect(() => readConfiguration(undefined, settings)).toThrow(expect.objectContaining({ code: "invalid-option" }));
  });
});
