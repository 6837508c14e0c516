import { createCompressor } from "../../compress/create-compressor.js";
import { type CompressOptions, levels } from "../../compress/types.js";
import type { TokenCounter } from "../../engine/tokens/load-token-counter.js";
import { BrevisError } from "../../errors.js";
import { dropAtRandom, truncateText } from "./baselines.js";
import { runCommand } from "./run-command.js";

/** One way to make a text shorter, under the name that figures have. */
export interface NamedCompressor {
  readonly name: string;
  /** @param query what the text should answer, for those that take it */
  compress(text: string, query?: string): Promise<string>;
  close(): Promise<void>;
}

/** What compressors need. */
export interface CompressorTools {
  readonly counter: TokenCounter;
  readonly seed: number;
  /** Milliseconds of one call of a command. */
  readonly commandTimeout: number;
}

const forms =
  "brevis[:extractive|lossless|abstractive][:LEVEL|RATE][:model=DIR], truncate:RATE, random:RATE, cmd:COMMAND";

/**
 * Opens a compressor by its description: `brevis:balanced`, `brevis:lossless`, `brevis:extractive:0.4`, `brevis:abstractive:model=DIR`,
 * `truncate:0.5`, `random:0.5`, or `cmd:COMMAND`, which reads a text on standard input and writes it compressed.
 *
 * @throws BrevisError `invalid-option` for anything else
 */
export function openCompressor(description: string, tools: CompressorTools): NamedCompressor {
  const [kind, ...rest] = description.split(":");
  if (kind === "brevis") return openBrevis(description, rest);
  if (kind === "cmd" && rest.join(":").trim() !== "") {
    const command = rest.join(":");
    return plain(description, (text) => runCommand(command, text, tools.commandTimeout));
  }
  const rate = Number(rest[0]);
  if (rest.length !== 1 || !(rate > 0 && rate <= 1)) throw unknownCompressor(description);
  if (kind === "truncate") return plain(description, async (text) => truncateText(text, rate, tools.counter));
  if (kind === "random") return plain(description, async (text) => dropAtRandom(text, rate, tools));
  throw unknownCompressor(description);
}

function plain(name: string, compress: (text: string) => Promise<string>): NamedCompressor {
  return { name, compress, close: async () => {} };
}

function openBrevis(description: string, parts: readonly string[]): NamedCompressor {
  const options: CompressOptions = {};
  for (const part of parts) {
    if (part in levels) options.level = part as keyof typeof levels;
    else if (part === "extractive" || part === "lossless" || part === "abstractive") options.mode = part;
    else if (part.startsWith("model=")) options.model = part.slice("model=".length);
    else if (Number(part) > 0 && Number(part) <= 1) options.rate = Number(part);
    else throw unknownCompressor(description);
  }
  const compressor = createCompressor(options);
  return {
    name: description,
    async compress(text, query) {
      return (await compressor.compress(text, query === undefined ? {} : { query })).text;
    },
    close: () => compressor.dispose(),
  };
}

function unknownCompressor(description: string): BrevisError {
  return new BrevisError("invalid-option", `Expected a compressor but got "${description}".`, {
    hint: `Forms: ${forms}.`,
  });
}
