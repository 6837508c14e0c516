import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPeers } from "../../../src/bench/quality/contenders/open-peers.js";
import { openPythonPeer } from "../../../src/bench/quality/contenders/python-peer.js";
import { loadTokenCounter } from "../../../src/engine/tokens/load-token-counter.js";

/** Speaks as bench/peers/serve_peer.py does. */
const standIn = `
import json, sys
print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    record = json.loads(line)
    if record["text"] == "end":
        break
    fails = record["text"] == "fail"
    print(json.dumps({"error": "no"} if fails else {"text": record["text"][:5] + record.get("query", "")}), flush=True)
`;

const python = findPython();
const open = (id: string, query?: string) => ({ id, source: "peer_inputs", document: id, text: id, query }) as const;

describe.skipIf(python === undefined)("a peer in Python (without Python 3: skipped)", () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "brevis-peer-"));
    await mkdir(join(folder, ".venv/bin"), { recursive: true });
    await symlink(python!, join(folder, ".venv/bin/python"));
    await writeFile(join(folder, "serve_peer.py"), standIn);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("answers text by text, is told the query, and hands on what it fails at", async () => {
    const counter = await loadTokenCounter(undefined);
    const { peer, close } = await openPythonPeer(folder, "stand-in", counter);
    try {
      expect(await peer.compress(open("hello world", "?"), 0.5)).toMatchObject({ text: "hello?", given: 2 });
      expect(await peer.compress(open("fail"), 0.5)).toMatchObject({ text: "fail", given: 1, kept: 1 });
      await expect(peer.compress(open("end"), 0.5)).rejects.toThrow(/stand-in to run but its process ended/);
    } finally {
      close();
    }
  });

  it("stands among the peers; those that are not installed are named", async () => {
    const { peers, missing, close } = await openPeers(folder);
    close();
    expect(peers.map(({ name }) => name)).toEqual(["headroom", "claw-compactor"]);
    expect(missing).toEqual(["tokenjuice", "TOON"]);
  });
});

function findPython(): string | undefined {
  try {
    return execFileSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
}
