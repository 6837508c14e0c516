import { expect, it } from "vitest";
import { startUpstream } from "../serve/proxy/start-upstream.js";
import { runExample } from "./run-example.js";

it.each(["anthropic.js", "openai.js", "google.js"])(
  "examples/%s sends fewer tokens and prints the answer",
  async (name) => {
    const upstream = await startUpstream(() => ({ text: "Two tests fail." }));
    const key = "a-key-of-nobody";
    const printed = await runExample(name, {
      ANTHROPIC_API_KEY: key,
      ANTHROPIC_BASE_URL: upstream.url,
      OPENAI_API_KEY: key,
      OPENAI_BASE_URL: `${upstream.url}/v1`,
      GEMINI_API_KEY: key,
      GOOGLE_GEMINI_BASE_URL: upstream.url,
    });
    expect(Number(/tokens not sent: (\d+)/u.exec(printed)?.[1])).toBeGreaterThan(5000);
    expect(printed).toContain("Two tests fail.");
    expect(upstream.arrived).toHaveLength(1);
  },
);
