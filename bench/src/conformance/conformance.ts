/**
 * Every engine that is there against the goldens of tests/native/fixtures, and against llama.cpp where it is installed.
 * Exits with 1 where a difference is beyond its bound.
 *
 *   node build/bench/conformance/conformance.js [--engine cpu|mlx] [--library PATH] [--json]
 *
 * --library names the MLX engine's library, as BREVIS_MLX_LIBRARY does, and --json prints the comparisons in place of the table.
 */
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { repositoryRoot, versionOfPeer } from "../engine-peers/peers-project.js";
import { checkAgainstLlama } from "./check-llama.js";
import { type ConformanceCheck, checkModel, type OpenModel } from "./check-model.js";
import { conformanceModels } from "./conformance-models.js";
import { listPresentEngines } from "./list-engines.js";

type EngineCheck = ConformanceCheck & { readonly engine: string };

const fixtures = join(repositoryRoot, "tests", "native", "fixtures");

async function checkEngine(engine: string, open: OpenModel): Promise<EngineCheck[]> {
  const found: EngineCheck[] = [];
  for (const model of conformanceModels) {
    // 6,000 tokens take the plain kernels, which are there to be read, most of a minute.
    if (model.goldens === "long" && engine === "cpu plain") continue;
    for (const check of await checkModel(open, fixtures, model)) found.push({ engine, ...check });
  }
  return found;
}

/** One row a comparison, one column an engine. */
function printTable(checks: readonly EngineCheck[]): void {
  const engines = [...new Set(checks.map(({ engine }) => engine))];
  const head = ["oracle", "model", "largest difference of", "bound", ...engines];
  const table = new Table({ head, style: { head: [], border: [], compact: true } });
  const nameOf = ({ oracle, model, what }: EngineCheck) => [oracle, model, what].join("\0");
  for (const key of new Set(checks.map(nameOf))) {
    const row = checks.filter((check) => nameOf(check) === key);
    const cell = (engine: string) => {
      const check = row.find((each) => each.engine === engine);
      return check === undefined ? "-" : `${formatDifference(check)}${check.passed ? "" : " MISSED"}`;
    };
    table.push([...key.split("\0"), formatBound(row[0]!.bound), ...engines.map(cell)]);
  }
  console.log(table.toString());
}

const formatDifference = ({ difference, bound }: ConformanceCheck) =>
  bound === 0 ? String(difference) : difference.toExponential(1);
const formatBound = (bound: number) => (bound === 0 ? "0" : bound.toExponential(0));

const { values } = parseArgs({
  options: { engine: { type: "string" }, library: { type: "string" }, json: { type: "boolean" } },
});
if (values.library !== undefined) process.env.BREVIS_MLX_LIBRARY = resolve(values.library);
const { engines, absent } = await listPresentEngines(join(fixtures, "tied-gqa1"));
for (const line of absent) console.error(`skipped: ${line}`);
for (const name of [...engines.keys()]) {
  if (values.engine !== undefined && !name.startsWith(values.engine)) engines.delete(name);
}
const checks: EngineCheck[] = [];
for (const [name, open] of engines) checks.push(...(await checkEngine(name, open)));
if (versionOfPeer("node-llama-cpp") === undefined) {
  console.error("skipped: the oracle llama.cpp, which `npm run bench:peers` installs.");
} else {
  for (const { engine, check } of await checkAgainstLlama(fixtures, engines)) checks.push({ engine, ...check });
}
if (values.json) console.log(JSON.stringify(checks, null, 2));
else printTable(checks);
const missed = checks.filter(({ passed }) => !passed);
const summary = `${checks.length - missed.length} of ${checks.length} comparisons within their bounds, on ${[...engines.keys()].join(", ") || "no engine"}`;
console.error(summary);
// No engine, or a library that was named and cannot be opened, is a failure: nothing was compared.
const wanted = values.library !== undefined || values.engine === "mlx" ? engines.has("mlx") : engines.size > 0;
if (missed.length > 0 || !wanted) process.exitCode = 1;
