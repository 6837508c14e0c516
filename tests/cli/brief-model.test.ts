/** `brevis brief` with a model, through the command line and the real SDKs. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AskedRequest } from "../stand-ins/exchange.js";
import { type StandIns, startProviders } from "../stand-ins/start-providers.js";
import { collectRun, makeFolder, runBrevis, startBrevis } from "./run-brevis.js";

const source = `# Guide\n\n${"We are glad that you are here, and we hope that you like it. ".repeat(8)}\n\n- Always run \`npm test\` before a push.\n`;
const kernels = [{ category: "rule", text: "Always run `npm test` before a push." }];

let standIns: StandIns;
let lost = false;
beforeEach(async () => {
  lost = false;
  standIns = await startProviders({ answer });
});
afterEach(() => standIns.close());

function answer({ system = "", prompt }: AskedRequest): string {
  if (/find every kernel/u.test(system)) return JSON.stringify({ kernels });
  if (!/compare by meaning/u.test(system)) return "Run `npm test` before a push.";
  const ids = [...prompt.matchAll(/^- (r-[0-9a-f]{8})/gmu)].map(([, id]) => id!);
  return JSON.stringify({ retained: lost ? [] : ids, lost: [], invented: [] });
}

function run(args: readonly string[], folder: string) {
  const cache = join(folder, "cache");
  return runBrevis(["brief", ...args], { cwd: folder, env: { ...standIns.environment, BREVIS_CACHE: cache } });
}

describe("brevis brief compress --model", () => {
  it.each(["gpt-4.1", "claude-haiku-4-5", "compatible:local"])(
    "%s: says calls and cost before it starts, and writes",
    async (model) => {
      const folder = makeFolder({ "a.md": source });
      const { code, stderr } = await run(
        ["compress", "a.md", "--model", model, "--pipeline", "[[sitrep-aggressive]]"],
        folder,
      );
      expect(code).toBe(0);
      expect(stderr).toMatch(new RegExp(`^brevis: 7 calls of ${model}, `, "mu"));
      expect(standIns.asked()).toHaveLength(7);
      expect(readFileSync(join(folder, "a.md.min"), "utf8")).toBe("Run `npm test` before a push.\n");
      const meta = JSON.parse(readFileSync(join(folder, "a.md.min.meta"), "utf8"));
      expect(meta).toMatchObject({
        decision: "compressed",
        metrics: { retentionRatio: 1 },
        meta: { brainSlug: model, extraction: { extractor: "model" } },
      });
    },
  );

  it("takes the URL of a compatible server", async () => {
    const folder = makeFolder({ "a.md": source });
    const url = `${standIns.baseUrls.compatible}#own-model`;
    const env = {
      ...standIns.environment,
      BREVIS_CACHE: join(folder, "cache"),
      BREVIS_SERVER_BRIEF_KEY: standIns.environment.BREVIS_SERVER_LOCAL_KEY,
    };
    const { code } = await runBrevis(["brief", "compress", "a.md", "--model", url], { cwd: folder, env });
    expect(code).toBe(0);
    // Three passes.
    expect(standIns.asked()).toHaveLength(13);
    expect(new Set(standIns.asked().map(({ model }) => model))).toEqual(new Set(["own-model"]));
  });

  it("rejects, leaves a meta and takes a compressed brief of before away", async () => {
    const folder = makeFolder({ "a.md": source, "a.md.min": "of before\n" });
    lost = true;
    const { code, stderr } = await run(["compress", "a.md", "--model", "gpt-4.1"], folder);
    expect(code).toBe(0);
    expect(stderr).toMatch(/a\.md was rejected: retention 0 < threshold 0\.75/u);
    expect(existsSync(join(folder, "a.md.min"))).toBe(false);
    const meta = JSON.parse(readFileSync(join(folder, "a.md.min.meta"), "utf8"));
    expect(meta).not.toHaveProperty("minified");
    expect(meta.kernels[0].lost).toBe("not found");
    expect((await run(["compress", "a.md", "--check"], folder)).code).toBe(0);
  });

  it("names what is missing for a model that nobody knows", async () => {
    const folder = makeFolder({ "a.md": source });
    const { code, stderr } = await run(["compress", "a.md", "--model", "no-such-model"], folder);
    expect(code).toBe(3);
    expect(stderr).toContain("no-such-model");
  });
});

describe("brevis brief perfeval", () => {
  it("refuses what may cost more than allowed, before anything is asked", async () => {
    const folder = makeFolder({ "a.md": source });
    const { code, stderr } = await run(["perfeval", "a.md", "--model", "gpt-4.1", "--max-cost", "0.000001"], folder);
    expect(code).toBe(5);
    expect(stderr).toMatch(/1 briefs? x 8 pipelines x 3 runs = 24 trials, about \$/u);
    expect(standIns.asked()).toHaveLength(0);
  });

  it("writes both reports, and asks nothing when run again", async () => {
    const folder = makeFolder({ "a.md": source });
    const args = [
      "perfeval",
      "a.md",
      "--model",
      "gpt-4.1",
      "--pipelines",
      "[[sitrep]]",
      "[[sitrep],[telegraphic]]",
      "--runs",
      "2",
      "-o",
      "out",
    ];
    const { code, stdout } = await run(args, folder);
    expect(code).toBe(0);
    expect(stdout).toContain("| [[sitrep],[telegraphic]] | 2 | 0 |");
    const asked = standIns.asked().length;
    // One extraction; of the 2 x (1 + 1) + 2 x (2 + 1) others, what both pipelines begin with and end at is asked once.
    expect(asked).toBe(1 + 10 - 4);
    const again = await run(args, folder);
    expect(again.stderr).toContain("4 of 4 trials from before");
    expect(again.stdout).toBe(stdout);
    expect(standIns.asked()).toHaveLength(asked);
    expect(existsSync(join(folder, "out", "report.html"))).toBe(true);
  });
});

describe("brevis brief compress --watch", () => {
  it("compresses a brief again when it changes, and ends when told", async () => {
    const folder = makeFolder({ "a.md": source });
    const child = startBrevis(["brief", "compress", "a.md", "--offline", "--watch"], { cwd: folder });
    const ended = collectRun(child);
    await until(child, /watching for changes/u);
    writeFileSync(join(folder, "a.md"), `${source}- Never push on Fridays.\n`);
    await until(child, /a\.md\.min/u);
    expect(readFileSync(join(folder, "a.md.min"), "utf8")).toContain("Never push on Fridays");
    child.kill("SIGTERM");
    expect((await ended).code).toBe(0);
  });
});

/** Waits until a process prints something on standard error, from now on. */
function until(child: ReturnType<typeof startBrevis>, pattern: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stderr!.on("data", (chunk) => {
      text += chunk;
      if (pattern.test(text)) resolve();
    });
    child.once("close", () => reject(new Error(`ended before it printed ${pattern}: ${text}`)));
  });
}
