/**
 * Load on `brevis serve` over loopback: requests/s, latency, and memory before and after.
 *
 *     npm run bench:serve -- [--requests 20000] [--concurrency 16] [--cases structured,seen,prose] [--json OUT] [--profile FOLDER]
 *
 * Cases of 2 KB: structured content, each text another one; content that was seen before; prose, each text another one.
 * Client and service share the machine's cores; the processor time that the service takes for a request does not depend on what else runs.
 */
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { availableParallelism, cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    requests: { type: "string", default: "6000" },
    concurrency: { type: "string", default: "16" },
    cases: { type: "string", default: "structured,seen,prose" },
    json: { type: "string" },
    // Where each thread of the service leaves its processor profile.
    profile: { type: "string" },
  },
});
const requests = Number(values.requests);
const concurrency = Number(values.concurrency);
const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));

const states = ["declined", "approved", "throttled", "unauthorized"];

function writeJson(seed) {
  return JSON.stringify(
    Array.from({ length: 13 }, (_, row) => ({
      id: seed * 100 + row,
      transaction_status_code: states[(row + seed) % 4],
      merchant_name: `Store ${(row * seed) % 17}`,
      amount: ((row * 37 + seed) % 1000) / 10,
      currency: "EUR",
      created_at: `2026-01-${String(1 + row).padStart(2, "0")}T10:00:00Z`,
    })),
  );
}

function writeLog(seed) {
  const line = (row) =>
    `2026-01-02T10:${String(row).padStart(2, "0")}:0${seed % 10} INFO worker-${(row + seed) % 4} processed batch ${seed * row} in ${row * 3 + (seed % 7)} ms`;
  return Array.from({ length: 30 }, (_, row) => line(row)).join("\n");
}

const words = readFileSync(new URL("../docs/architecture.md", import.meta.url), "utf8").match(/[a-z]{2,}/gu);

function writeProse(seed) {
  let state = seed * 7919 + 1;
  const next = (below) => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return (state >> 8) % below;
  };
  let text = "";
  while (text.length < 2000) {
    const sentence = Array.from({ length: 8 + next(9) }, () => words[next(words.length)]).join(" ");
    text += `${sentence[0].toUpperCase()}${sentence.slice(1)}. `;
  }
  return text;
}

const cases = {
  structured: (index) => (index % 2 === 0 ? writeJson(index) : writeLog(index)),
  seen: (index) => (index % 2 === 0 ? writeJson(index % 200) : writeProse(index % 200)),
  prose: (index) => writeProse(index),
};

async function startService() {
  const profiling = values.profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${values.profile}`];
  const child = spawn(process.execPath, [...profiling, main, "serve", "--port", "0"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const url = await new Promise((resolve, reject) => {
    let errors = "";
    child.stderr.on("data", (piece) => {
      errors += piece;
      const found = /listening on (http:\S+)/u.exec(errors);
      if (found) resolve(new URL(found[1]));
    });
    child.on("exit", () => reject(new Error(errors)));
  });
  return { child, url };
}

/** Resident memory of a process in MiB; of this system's /proc, so undefined elsewhere. */
function readMemory(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Math.round(Number(/VmRSS:\s+(\d+)/u.exec(status)[1]) / 1024);
  } catch {
    return undefined;
  }
}

/** Milliseconds of processor time that a process has taken, on systems with /proc. */
function readProcessorTime(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
    // Fields 14 and 15 of the whole line, in ticks of 10 ms.
    return 10 * (Number(fields[11]) + Number(fields[12]));
  } catch {
    return undefined;
  }
}

function post(agent, { hostname, port }, body) {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const sent = request({ agent, hostname, port, method: "POST", path: "/api/compress", headers }, (answer) => {
      answer.resume().on("end", () => resolve(answer.statusCode));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

async function runCase(name, count, { child, url }) {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const write = cases[name];
  const times = [];
  const statuses = {};
  let next = 0;
  const processorBefore = readProcessorTime(child.pid);
  const started = performance.now();
  const memory = [];
  const caller = async () => {
    while (next < count) {
      if (next % Math.ceil(count / 10) === 0) memory.push(readMemory(child.pid));
      const body = JSON.stringify({ text: write(next++) });
      const sent = performance.now();
      const status = await post(agent, url, body);
      times.push(performance.now() - sent);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, caller));
  const seconds = (performance.now() - started) / 1000;
  agent.destroy();
  times.sort((one, other) => one - other);
  const at = (share) => Math.round(times[Math.min(times.length - 1, Math.floor(share * times.length))] * 10) / 10;
  return {
    case: name,
    requests: count,
    perSecond: Math.round(count / seconds),
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
    statuses,
    // At each tenth of the requests.
    memoryMiB: memory,
    processorMs:
      processorBefore === undefined
        ? undefined
        : Math.round((100 * (readProcessorTime(child.pid) - processorBefore)) / count) / 100,
  };
}

const service = await startService();
const results = [];
try {
  await runCase("structured", 300, service);
  const before = readMemory(service.child.pid);
  console.log(
    `${cpus()[0]?.model}, ${availableParallelism()} cores, ${concurrency} callers; ${before} MiB after warming up`,
  );
  for (const name of values.cases.split(",")) {
    const result = await runCase(name, requests, service);
    results.push(result);
    const { perSecond, p50, p99, max, memoryMiB, processorMs, statuses } = result;
    console.log(
      `${name.padEnd(10)} ${perSecond} requests/s  p50 ${p50} ms  p99 ${p99} ms  max ${max} ms  ${processorMs} ms of processor time a request  ${memoryMiB.join(" ")} MiB  ${JSON.stringify(statuses)}`,
    );
  }
  if (values.json)
    writeFileSync(
      values.json,
      JSON.stringify({ cores: availableParallelism(), concurrency, before, results }, null, 2),
    );
} finally {
  service.child.kill("SIGTERM");
}
