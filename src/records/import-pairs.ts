import { z } from "zod";
import type { BrevisError } from "../errors.js";
import { readJsonLines } from "../files/read-json-lines.js";
import { domainsOfPairs, type Pair } from "./pair.js";

/** What a foreign record has to have: a text and its compressed form, and perhaps more of what a pair says. */
const foreignSchema = z.object({
  id: z.union([z.string().min(1), z.int()]).optional(),
  /** One of a pair's, or what others sort texts by: `bash_output`, `error_trace`. */
  domain: z.string().min(1).optional(),
  verbose: z.string().refine((text) => text.trim() !== "", "expected text"),
  compressed: z.string().refine((text) => text.trim() !== "", "expected text"),
  source: z.string().min(1).optional(),
  licence: z.string().min(1).optional(),
  document: z.string().min(1).optional(),
  model: z.string().min(1).optional(),
});
type ForeignPair = z.infer<typeof foreignSchema>;

export interface ImportOptions {
  /** Where the records come from, where they do not say so. */
  readonly source: string;
  readonly licence: string | undefined;
  /** Counts tokens of `o200k_base`. */
  readonly count: (text: string) => number;
  /** The domain of a text whose record names none. */
  readonly chooseDomain: (text: string) => Pair["domain"];
  readonly onBroken: "skip" | "fatal";
  readonly onSkip: (error: BrevisError) => void;
  /** Hears of records that are no pairs: the compressed text saves nothing. */
  readonly onUseless: (line: number, tokens: Pair["tokens"]) => void;
}

/**
 * Reads `{ id?, domain?, verbose, compressed, ... }` from JSON Lines as pairs. The rate is what was reached, since nobody knows what was aimed at.
 *
 * @throws {BrevisError} `invalid-input`, with file and line, where a broken line is fatal
 */
export async function* importPairs(path: string, options: ImportOptions): AsyncGenerator<Pair> {
  const { onBroken, onSkip, count } = options;
  for await (const { line, record } of readJsonLines(path, { schema: foreignSchema, onBroken, onSkip })) {
    const tokens = { verbose: count(record.verbose), compressed: count(record.compressed) };
    if (tokens.compressed >= tokens.verbose) options.onUseless(line, tokens);
    else yield toPair(record, line, tokens, options);
  }
}

function toPair(record: ForeignPair, line: number, tokens: Pair["tokens"], options: ImportOptions): Pair {
  const source = record.source ?? options.source;
  const { domain, kind } = readDomain(record, options);
  const id = String(record.id ?? `${options.source}:${line}`);
  const licence = record.licence ?? options.licence;
  return {
    id,
    domain,
    source: kind === undefined ? source : `${source}/${kind}`,
    verbose: record.verbose,
    compressed: record.compressed,
    rate: Math.round((1000 * tokens.compressed) / tokens.verbose) / 1000 || 0.001,
    tokens,
    provenance: {
      source,
      ...(licence !== undefined && { licence }),
      document: record.document ?? id,
      ...(record.model !== undefined && { model: record.model }),
    },
  };
}

/** Kinds that are no domain are of what agents read: text with code and data in it. */
function readDomain(
  { domain, verbose }: ForeignPair,
  { chooseDomain }: ImportOptions,
): { domain: Pair["domain"]; kind?: string } {
  if (domain === undefined) return { domain: chooseDomain(verbose) };
  const known = domainsOfPairs.find((each) => each === domain);
  return known === undefined ? { domain: "mixed", kind: domain } : { domain: known };
}
