import { type Inspection, inspectText } from "../../compress/inspect.js";
import { readInput, refuseSilentTerminal, standardInput } from "../files/read-input.js";
import { writeStandardOutput } from "../files/write-standard-output.js";
import { drawSegments } from "../terminal/draw-segments.js";
import { drawText } from "../terminal/draw-text.js";
import type { InspectFlags } from "./add-inspect-command.js";
import { readCompressOptions } from "./compress-flags.js";

/** `brevis inspect FILE`. */
export async function inspectFile(file: string | undefined, flags: InspectFlags): Promise<void> {
  if (file === undefined) refuseSilentTerminal();
  const source = await readInput(file ?? standardInput);
  const inspection = await inspectText(source, readCompressOptions(flags));
  if (flags.json) return writeStandardOutput(`${JSON.stringify(describeInspection(inspection))}\n`);
  await writeStandardOutput(`${drawSegments(source, inspection)}\n\n${drawText(source, inspection)}`);
}

/** The inspection as plain data. */
function describeInspection({ tokens, segments, segmentTokens, mustKeep }: Inspection) {
  return {
    tokens,
    segments: segments.map(({ start, end, kind, language, noun, loss, relevance, units, salience }, at) => ({
      start,
      end,
      kind,
      ...(language === undefined ? {} : { language }),
      tokens: segmentTokens[at],
      noun,
      loss,
      relevance,
      units: units.map((unit, index) => ({ ...unit, salience: Number(salience[index]!.toFixed(4)) })),
    })),
    mustKeep,
  };
}
