import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const things = ["pump", "crane", "valve", "motor", "gate", "lift", "boiler"];
const places = ["north hall", "old mill", "depot", "harbour", "yard"];
const reasons = ["its bearing had worn out", "nobody had the key", "the fuse was gone", "it leaked oil"];

/** Fifty pairs, each of a document of its own, and prompts short enough for a model that is tiny. */
export function writeSamplePairs(folder: string): { pairs: string; prompts: string } {
  const lines = Array.from({ length: 50 }, (_, at) => {
    const thing = things[at % things.length]!;
    const place = places[(at * 3) % places.length]!;
    const reason = reasons[(at * 7) % reasons.length]!;
    const verbose = `As you may remember, on day ${at} the ${thing} of the ${place} was replaced by us, since ${reason}.`;
    const compressed = `day ${at}: ${thing} of ${place} replaced ← ${reason}`;
    const provenance = { source: "written", document: `report-${at}` };
    const tokens = { verbose: 24, compressed: 12 };
    return JSON.stringify({
      id: `sample-${at}`,
      domain: "nl",
      source: "written",
      verbose,
      compressed,
      rate: 0.5,
      tokens,
      provenance,
    });
  });
  const pairs = join(folder, "pairs");
  mkdirSync(pairs);
  for (const [side, part] of [
    ["train", lines.slice(0, 42)],
    ["valid", lines.slice(42, 46)],
    ["test", lines.slice(46)],
  ] as const)
    writeFileSync(join(pairs, `${side}.jsonl`), `${part.join("\n")}\n`);
  const prompts = join(folder, "prompts");
  mkdirSync(prompts);
  writeFileSync(join(prompts, "nl.yaml"), 'domain: nl\nsystem: "Shorten."\nuser: "{target}: {text}"\n');
  return { pairs, prompts };
}
