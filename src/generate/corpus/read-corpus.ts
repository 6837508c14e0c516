import { BrevisError } from "../../errors.js";
import { readJsonLines } from "../../files/read-json-lines.js";
import { readText } from "../../files/read-text.js";
import type { BrokenLines } from "../../records/read-pairs.js";
import type { CorpusText, CorpusTools } from "./corpus-text.js";
import { cutCode } from "./cut-code.js";
import { cutText } from "./cut-text.js";
import { isGeneratedFile, isTestFile } from "./judge-code.js";
import { type CorpusFile, listCorpusFiles } from "./list-files.js";
import { corpusRecordSchema, kindOfRecord, textOfRecord } from "./read-record.js";

/** Where a corpus lies, and what is known of it. */
export interface CorpusOptions extends BrokenLines {
  /** Files and folders. */
  readonly paths: readonly string[];
  /** What the texts are from, where they do not say so; by default the file's or folder's name. */
  readonly source?: string;
  /** The licence of texts that do not say theirs. */
  readonly licence?: string;
}

const spdxRemark = /SPDX-License-Identifier:\s*([\w.+-]+(?:\s+(?:OR|AND|WITH)\s+[\w.+-]+)*)/u;
const frontMatter = /^---\n[\s\S]*?\n---\n/u;

/**
 * Reads a corpus: Markdown and text by paragraph, code by function, class and method, JSON Lines by record.
 *
 * @throws {BrevisError} `invalid-input` with file and line for a broken record, where that is fatal; for files as `readText`
 */
export async function* readCorpus(options: CorpusOptions, tools: CorpusTools): AsyncGenerator<CorpusText> {
  for (const file of await listCorpusFiles(options.paths)) {
    if (file.reader === "records") yield* readRecords(file, options, tools);
    else yield* readWholeFile(file, options, tools);
  }
}

async function* readWholeFile(
  { path, name, reader }: CorpusFile,
  options: CorpusOptions,
  tools: CorpusTools,
): AsyncGenerator<CorpusText> {
  const content = await readUsable(path, tools);
  if (content === undefined) return;
  const text = content.replace(/^\ufeff/u, "").replaceAll("\r\n", "\n");
  const licence = spdxRemark.exec(text.slice(0, 2000))?.[1] ?? options.licence;
  const source = options.source ?? name.split("/")[0]!;
  const common = { source, document: name, ...(licence !== undefined && { licence }) };
  if (reader === "markdown" || reader === "prose") {
    const cut = cutText(text.replace(frontMatter, ""), reader, name, tools.sizes.text, tools);
    for (const chunk of cut) yield { ...chunk, ...common };
    return;
  }
  if (reader === "records") return;
  if (isTestFile(name)) return tools.onLeftOut("test");
  if (isGeneratedFile(name, text)) return tools.onLeftOut("generated");
  for (const unit of await cutCode(text, reader, tools))
    yield { text: unit, domain: "code", language: reader, ...common };
}

/** Files of a folder may be of any encoding: those that are no UTF-8 are left out. */
async function readUsable(path: string, { onLeftOut }: CorpusTools): Promise<string | undefined> {
  try {
    return await readText(path);
  } catch (error) {
    if (!(error instanceof BrevisError) || error.code !== "input-not-utf8") throw error;
    onLeftOut("unreadable");
    return undefined;
  }
}

async function* readRecords(file: CorpusFile, options: CorpusOptions, tools: CorpusTools): AsyncGenerator<CorpusText> {
  for await (const { line, record } of readJsonLines(file.path, { ...options, schema: corpusRecordSchema })) {
    const licence = record.licence ?? record.license ?? options.licence;
    const source = record.source ?? options.source ?? file.name;
    const document = record.document ?? `${file.name}:${record.id ?? line}`;
    const kind = kindOfRecord(record);
    for (const chunk of cutText(
      textOfRecord(record),
      kind === "chat" ? "chat" : "prose",
      document,
      tools.sizes.records,
      tools,
    )) {
      const domain = record.domain ?? (kind === "tool" ? "mixed" : chunk.domain);
      yield { text: chunk.text, domain, source, document, ...(licence !== undefined && { licence }) };
    }
  }
}
