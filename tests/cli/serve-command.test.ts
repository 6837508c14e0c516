import { describe, expect, it } from "vitest";
import { collectRun, makeFolder, runBrevis, startBrevis } from "./run-brevis.js";

/** Starts the service on a free port, and gives its address and its end. */
async function startServing(args: readonly string[] = []) {
  const child = startBrevis(["serve", "--port", "0", ...args]);
  let errors = "";
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr!.on("data", (piece) => {
      errors += piece;
      const listening = /listening on (http:\S+)/u.exec(errors);
      if (listening) resolve(listening[1]!);
    });
    child.on("exit", () => reject(new Error(errors)));
  });
  return { child, url, ended: collectRun(child) };
}

const text = Array.from(
  { length: 400 },
  (_, line) => `line ${line} of ${line * 31} rows was written to part ${line % 7}`,
).join("\n");

describe("brevis serve", () => {
  it("compresses, and ends on SIGTERM with what it had begun", async () => {
    const { child, url, ended } = await startServing(["--workers", "1"]);
    const ask = () =>
      fetch(`${url}/api/compress`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ text: `${text}\n${Math.random()}` }),
      });
    expect((await ask()).status).toBe(200);
    const underWay = ask();
    const health = async () =>
      (await (await fetch(`${url}/api/health`)).json()) as { pool: { busy: number; waiting: number } };
    let { pool } = await health();
    for (let tries = 0; pool.busy + pool.waiting === 0 && tries < 50; tries++) ({ pool } = await health());
    child.kill("SIGTERM");
    expect((await underWay).status).toBe(200);
    expect((await ended).code).toBe(0);
    await expect(ask()).rejects.toThrow();
  });

  it("ends on Ctrl-C", async () => {
    const { child, ended } = await startServing();
    child.kill("SIGINT");
    expect((await ended).code).toBe(0);
  });

  it("says what is wrong with its settings, and where", async () => {
    const folder = makeFolder({ "wrong.yaml": "prot: 3000\n", "list.yaml": "- a\n", "broken.yaml": "a: [" });
    for (const name of ["wrong.yaml", "list.yaml", "broken.yaml", "absent.yaml"]) {
      const { code, stderr } = await runBrevis(["serve", "--config", `${folder}/${name}`]);
      expect(code).toBe(2);
      expect(stderr).toContain(name);
    }
  });

  it("says that the port is taken", async () => {
    const { child, url, ended } = await startServing();
    const { code, stderr } = await runBrevis(["serve", "--port", new URL(url).port]);
    expect(code).toBe(4);
    expect(stderr).toContain("EADDRINUSE");
    child.kill("SIGTERM");
    await ended;
  });
});
