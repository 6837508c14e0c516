import { defineConfig } from "vitest/config";
import { closingLine } from "./tests/closing-line.js";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    exclude: ["tests/fixtures/**"],
    setupFiles: ["tests/fix-seeds.ts"],
    globalSetup: ["tests/compile-sources.ts"],
    // Limits against hanging only: no test asserts on wall-clock time.
    testTimeout: 120_000,
    // All cores: many tests wait for processes that they have started.
    maxWorkers: "100%",
    hookTimeout: 600_000,
    reporters: ["default", closingLine],
  },
});
