import { stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { readJsonLines } from "../../files/read-json-lines.js";
import { pairSchema } from "../../records/pair.js";
import { readPairs } from "../../records/read-pairs.js";
import { type Side, sides, splitPairs } from "../../records/split-pairs.js";
import { keepRecordSchema, type LabelledText, labelPair, labelRecord } from "./label-texts.js";

/** A text with its labels, and which side of the training it is on. */
export interface SidedText {
  readonly text: LabelledText;
  readonly side: Side;
}

/** Records of the keep task say which side they are on; what they keep to report by, a training tests by. */
const sideOfSplit = { train: "train", valid: "valid", dev: "test" } as const;

/**
 * Reads what a keep model is to learn: pairs, which are split by document, or records of the keep task, whose `split` holds. A folder
 * with `train.jsonl`, `valid.jsonl` and `test.jsonl` is split already.
 *
 * @throws {BrevisError} `invalid-input`, with file and line, for what is neither
 */
export async function* readLabelledTexts(path: string): AsyncGenerator<SidedText> {
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() === true;
  if (isFolder) {
    for (const side of sides) for await (const { text } of readFile(join(path, `${side}.jsonl`))) yield { text, side };
    return;
  }
  yield* readFile(path);
}

async function* readFile(path: string): AsyncGenerator<SidedText> {
  if (await holdsKeepRecords(path)) {
    for await (const { record } of readJsonLines(path, { schema: keepRecordSchema, onBroken: "fatal" }))
      yield { text: labelRecord(record), side: sideOfSplit[record.split] };
    return;
  }
  const sideOf = await splitPairs(readPairs(path, { onBroken: "fatal" }));
  let at = 0;
  for await (const { record } of readJsonLines(path, { schema: pairSchema, onBroken: "fatal" }))
    yield { text: labelPair(record), side: sideOf[at++]! };
}

/** By the first record: pairs have no words. */
async function holdsKeepRecords(path: string): Promise<boolean> {
  const schema = z.looseObject({});
  for await (const { record } of readJsonLines(path, { schema, onBroken: "fatal" })) return "words" in record;
  return false;
}
