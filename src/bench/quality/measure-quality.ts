import { existsSync } from "node:fs";
import { join } from "node:path";
import type { CompressOptions } from "../../compress/types.js";
import { BrevisError } from "../../errors.js";
import { chooseAtRandom, chooseByCounts, chooseByWeights } from "./contenders/choose-freely.js";
import { compressByBrevis } from "./contenders/compress-by-brevis.js";
import { type OpenPeers, openPeers } from "./contenders/open-peers.js";
import { keepHead, keepTail } from "./contenders/truncate.js";
import { openQualityData } from "./data/quality-data.js";
import { qualityCases } from "./list-cases.js";
import type { QualityCase, QualityRow } from "./quality-case.js";

/** What is measured, and on what. */
export interface QualityOptions {
  /** Folder of the JSONL files that data/samples/README.md describes. */
  readonly data: string;
  /** Names of cases; all by default. */
  readonly cases?: readonly string[] | undefined;
  /** Texts of each source and group at most. */
  readonly limit?: number | undefined;
  readonly rates?: readonly number[] | undefined;
  /** What `compress()` is called with beside the rate. */
  readonly compress?: CompressOptions;
  /** Folder whose `node_modules` and `.venv` have peers. */
  readonly peers: string;
  /** No truncation, random choice, scorers alone or peers. */
  readonly alone?: boolean | undefined;
}

/** What happens while it is measured, for whoever shows it. */
export interface QualityListener {
  onCase(name: string): void;
  onText(): void;
  onRow(row: QualityRow): void;
}

export interface QualityReport {
  readonly rows: readonly QualityRow[];
  /** Cases that did not run because the folder has none of their files. */
  readonly skipped: readonly { readonly name: string; readonly reads: readonly string[] }[];
  readonly missingPeers: readonly string[];
}

const usualRates = [0.3, 0.5, 0.7];
const noPeers: OpenPeers = { peers: [], missing: [], close: () => {} };

/**
 * Runs the cases over a data folder.
 *
 * @throws {BrevisError} `invalid-option` for a case that is not there, `input-not-found` for a folder that is not there
 */
export async function measureQuality(options: QualityOptions, listener: QualityListener): Promise<QualityReport> {
  if (!existsSync(options.data)) {
    throw new BrevisError("input-not-found", `Expected a folder of data at ${options.data} but there is none.`, {
      hint: "Name one with --data; data/samples of brevis's repository is one.",
    });
  }
  const chosen = chooseCases(options.cases);
  const isThere = ({ reads }: QualityCase) =>
    reads.length === 0 || reads.some((file) => existsSync(join(options.data, file)));
  const data = await openQualityData(options.data, options.limit);
  const { peers, missing, close } = options.alone ? noPeers : await openPeers(options.peers);
  const setting = {
    data,
    rates: options.rates ?? usualRates,
    brevis: compressByBrevis(options.compress),
    baselines: options.alone ? [] : [chooseByWeights, chooseByCounts, keepHead, keepTail, chooseAtRandom],
    peers,
    onText: () => listener.onText(),
  };
  const rows: QualityRow[] = [];
  try {
    for (const each of chosen.filter(isThere)) {
      listener.onCase(each.name);
      for await (const row of each.run(setting)) {
        rows.push(row);
        listener.onRow(row);
      }
    }
  } finally {
    close();
  }
  const skipped = chosen.filter((each) => !isThere(each)).map(({ name, reads }) => ({ name, reads }));
  return { rows, skipped, missingPeers: missing };
}

function chooseCases(names: readonly string[] | undefined): readonly QualityCase[] {
  if (names === undefined) return qualityCases;
  return names.map((name) => {
    const found = qualityCases.find((each) => each.name === name);
    if (found !== undefined) return found;
    const expected = qualityCases.map((each) => each.name).join(", ");
    throw new BrevisError("invalid-option", `Expected cases of ${expected} but received ${JSON.stringify(name)}.`);
  });
}
