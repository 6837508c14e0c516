import { z } from "zod";
import type { HeldOutText } from "../../../evaluate/measure-texts.js";
import { readJsonLines } from "../../../files/read-json-lines.js";
import { pairTaskSchema } from "../../../records/outcome.js";
import { domainsOfPairs } from "../../../records/pair.js";
import { reportWarning } from "../../terminal/report-error.js";
import type { EvaluateFlags } from "./add-evaluate-command.js";

const text = z.string().min(1);

/** A text under any of its names, with what may come along. */
const recordSchema = z
  .object({
    id: text.optional(),
    document: text.optional(),
    title: text.optional(),
    provenance: z.object({ document: text }).optional(),
    domain: z.enum(domainsOfPairs).default("nl"),
    language: text.optional(),
    query: text.optional(),
    text: text.optional(),
    verbose: text.optional(),
    context: text.optional(),
    question: text.optional(),
    answer: text.optional(),
    answers: z.array(z.object({ text })).optional(),
    tasks: z.array(pairTaskSchema).optional(),
  })
  .refine((record) => record.text ?? record.verbose ?? record.context, "expected a text, verbose or context");

/**
 * Held-out texts of files.
 *
 * @throws BrevisError `invalid-input` with file and line at a line that is no text, unless those are left out
 */
export async function* readHeldOut(files: readonly string[], flags: EvaluateFlags): AsyncGenerator<HeldOutText> {
  let count = 0;
  const onSkip = (error: Error) => reportWarning(`${error.message} It is left out.`);
  for (const file of files) {
    const options = { schema: recordSchema, onBroken: flags.onBroken, onSkip } as const;
    for await (const { record, line } of readJsonLines(file, options)) {
      if (count++ >= (flags.limit ?? Number.POSITIVE_INFINITY)) return;
      const id = record.id ?? `${file}:${line}`;
      yield {
        id,
        document: record.document ?? record.provenance?.document ?? record.title ?? id,
        ...{ domain: record.domain, language: record.language, query: record.query },
        text: (record.text ?? record.verbose ?? record.context)!,
        tasks: record.tasks ?? questionOf(record),
      };
    }
  }
}

function questionOf({ question, answer, answers }: z.infer<typeof recordSchema>): HeldOutText["tasks"] {
  if (question === undefined) return undefined;
  const expected = answers?.[0]?.text ?? answer;
  return [{ task: "qa", question, ...(expected !== undefined && { expected }) }];
}
