import { z } from "zod";
import { readJsonLines } from "../../../files/read-json-lines.js";
import { openOutput } from "../../files/open-output.js";

const verdictSchema = z.looseObject({ validation: z.object({ passed: z.boolean() }) });

/** Writes the pairs that passed to a file that appears whole. @returns how many they are */
export async function writePassed(verdicts: string, path: string): Promise<number> {
  const output = await openOutput(path);
  let count = 0;
  try {
    for await (const { record } of readJsonLines(verdicts, {
      schema: verdictSchema,
      onBroken: "fatal",
      growing: true,
    })) {
      if (!record.validation.passed) continue;
      const { validation: _, ...pair } = record;
      await output.write(`${JSON.stringify(pair)}\n`);
      count++;
    }
    await output.commit();
  } catch (error) {
    await output.discard();
    throw error;
  }
  return count;
}
