import { existsSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { splitWords } from "../../../compress/score/linear/split-words.js";
import { readJsonLines } from "../../../files/read-json-lines.js";
import * as rows from "./row-schemas.js";

/** A text to measure on. Fields beyond the first four are those of its source. */
export interface BenchText {
  readonly id: string;
  /** The file that it is from. */
  readonly source: TextSource;
  /** What it belongs to as its source says: an article, a meeting. */
  readonly document: string;
  readonly text: string;
  /** Of pairs `nl` or `code`; of others the kind of content, where the file says it. */
  readonly group?: string;
  /** What a writer made of it. */
  readonly compressed?: string;
  /** Of each question its answers, in UTF-16 code units of the text. */
  readonly questions?: readonly (readonly Span[])[];
  /** The answer that a meeting's stretch gives to a question. */
  readonly answer?: string;
  /** The name that a problem's tests call. */
  readonly entryPoint?: string;
  readonly language?: string;
  readonly command?: string | undefined;
  readonly exitCode?: number;
  /** What contenders that can be told are told. */
  readonly query?: string | undefined;
  /** Strings that the text's author says have to stay. */
  readonly expect?: readonly string[];
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

export type TextSource =
  | "pairs"
  | "synthetic"
  | "qa"
  | "meetings"
  | "tool_outputs"
  | "code_problems"
  | "code_files"
  | "prose"
  | "dense"
  | "peer_inputs";

/**
 * All texts of a data folder, in the order in which scripts/keep reads them: documents are named after their first text. A file that
 * is not there gives none.
 *
 * @throws {BrevisError} `invalid-input` with file and line for a row that is not as it should be
 */
export async function readTexts(folder: string): Promise<BenchText[]> {
  const read = <Row>(file: string, schema: z.ZodType<Row>) => readRows(join(folder, file), schema);
  return [
    ...openPairs(await read("compression_pairs.jsonl", rows.pairRow), "pairs"),
    ...openPairs(await read("compression_pairs_synthetic_agent.jsonl", rows.pairRow), "synthetic"),
    ...openQuestions(await read("qa_extractive.jsonl", rows.questionRow)),
    ...(await read("meeting_qa.jsonl", rows.meetingRow)).map(({ id, context, answer }) => ({
      ...open("meetings", id, context, id.split("-").slice(0, 3).join("-")),
      answer,
    })),
    ...(await read("tool_outputs.jsonl", rows.toolOutputRow)).map(({ id, kind, command, exit_code, text }) => ({
      ...open("tool_outputs", id, text),
      group: kind,
      command,
      exitCode: exit_code ?? 0,
    })),
    ...(await read("code_problems.jsonl", rows.problemRow)).map(({ id, source, prompt, solution, entry_point }) => ({
      ...open("code_problems", id, trimLines(source === "humaneval" ? prompt + solution : solution)),
      entryPoint: entry_point,
    })),
    ...(await read("code_files.jsonl", rows.codeRow)).map(({ id, text }) => open("code_files", id, text)),
    ...(await read("prose_agent_multilingual.jsonl", rows.proseRow)).map(({ id, kind, lang, text }) => ({
      ...open("prose", id, text),
      group: kind,
      language: lang,
    })),
    ...(await read("dense.jsonl", rows.denseRow)).map(({ id, kind, text }) => ({
      ...open("dense", id, text),
      group: kind,
    })),
    ...(await read("peer_inputs.jsonl", rows.peerInputRow)).map(({ id, kind, text, exit_code, ...told }) => ({
      ...open("peer_inputs", id, text),
      group: kind,
      exitCode: exit_code ?? 0,
      ...told,
    })),
  ];
}

async function readRows<Row>(path: string, schema: z.ZodType<Row>): Promise<Row[]> {
  if (!existsSync(path)) return [];
  const read: Row[] = [];
  for await (const { record } of readJsonLines(path, { schema, onBroken: "fatal" })) read.push(record);
  return read;
}

function open(source: TextSource, id: string, text: string, document = id): BenchText {
  return { id, source, document, text };
}

/** Pairs of three words or more: the others teach nothing, and training leaves them out too. */
function openPairs(pairs: readonly z.infer<typeof rows.pairRow>[], source: TextSource): BenchText[] {
  return pairs
    .filter(({ verbose }) => splitWords(verbose, 3).starts.length === 3)
    .map(({ id, domain, verbose, compressed }) => ({ ...open(source, id, verbose), group: domain, compressed }));
}

/** Paragraphs, each with the questions that it answers. */
function openQuestions(questions: readonly z.infer<typeof rows.questionRow>[]): BenchText[] {
  const paragraphs = new Map<string, BenchText & { questions: Span[][] }>();
  for (const { id, title, context, answers } of questions) {
    let paragraph = paragraphs.get(context);
    if (paragraph === undefined) {
      const document = `wikipedia:${title.replaceAll("_", " ").toLowerCase()}`;
      paragraph = { ...open("qa", id, context, document), questions: [] };
      paragraphs.set(context, paragraph);
    }
    const spans = answers.map(({ text, start }) => {
      const from = unitsOf(context, start);
      return { start: from, end: from + text.length };
    });
    if (spans.length > 0) paragraph.questions.push(spans);
  }
  return [...paragraphs.values()].filter((paragraph) => paragraph.questions.length > 0);
}

/** UTF-16 code units of the first `points` code points of a text. */
function unitsOf(text: string, points: number): number {
  let units = 0;
  for (let point = 0; point < points && units < text.length; point++)
    units += text.codePointAt(units)! > 0xffff ? 2 : 1;
  return units;
}

function trimLines(text: string): string {
  return text.replace(/^\n+|\n+$/gu, "");
}
