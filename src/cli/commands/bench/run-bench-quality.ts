import { existsSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { measureQuality } from "../../../bench/quality/measure-quality.js";
import type { QualityRow } from "../../../bench/quality/quality-case.js";
import { writeQualityReport } from "../../../bench/quality/report/write-quality-report.js";
import type { CompressOptions } from "../../../compress/types.js";
import { openWholeFile } from "../../../files/open-whole-file.js";
import { writeStandardOutput } from "../../files/write-standard-output.js";
import { startCounter } from "../../terminal/start-counter.js";
import type { BenchQualityFlags } from "../add-bench-quality-command.js";
import { drawQuality } from "./draw-quality.js";

const root = new URL("../../../../", import.meta.url);

/** Runs `brevis bench quality`. */
export async function runBenchQuality(flags: BenchQualityFlags): Promise<void> {
  const data = flags.data ?? defaultData();
  const file = flags.report === undefined ? undefined : await openWholeFile(flags.report);
  const counter = startCounter(flags.quiet !== true);
  const tables = new Map<string, QualityRow[]>();
  const report = await measureQuality(
    {
      data,
      cases: flags.cases,
      limit: flags.limit,
      rates: flags.rates,
      alone: flags.alone,
      compress: optionsOf(flags),
      peers: fileURLToPath(new URL("bench/peers", root)),
    },
    {
      onCase: (name) => counter.name(name),
      onText: () => counter.advance(),
      onRow: (row) => tables.set(row.case, [...(tables.get(row.case) ?? []), row]),
    },
  ).finally(() => counter.stop());
  const circumstances = {
    date: new Date().toISOString(),
    data,
    node: process.version,
    machine: `${cpus()[0]?.model ?? "unknown"}, ${cpus().length} cores`,
  };
  if (flags.json) await writeStandardOutput(`${JSON.stringify({ ...circumstances, ...report }, null, 2)}\n`);
  else await writeStandardOutput(drawQuality(tables));
  if (file !== undefined) {
    await file.write(writeQualityReport(report, circumstances));
    await file.commit();
  }
  if (flags.quiet) return;
  for (const { name, reads } of report.skipped)
    process.stderr.write(`skipped: ${name}, because ${data} has no ${reads.join(" and no ")}\n`);
  for (const name of report.missingPeers)
    process.stderr.write(`not measured: ${name}, which \`make bench\` installs\n`);
}

function optionsOf({ engine, model }: BenchQualityFlags): CompressOptions {
  return { ...(engine !== undefined && { engine }), ...(model !== undefined && { model }) };
}

/** The larger set beside the checkout where it is, else the samples. */
function defaultData(): string {
  return existsSync("../shared/data") ? "../shared/data" : fileURLToPath(new URL("data/samples", root));
}
