import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type JsonLinesAppender, openJsonLines } from "../../files/append-json-lines.js";
import { explainWriteError } from "../../files/explain-file-errors.js";
import { lockFile } from "../../files/lock-file.js";
import { writeWholeFile } from "../../files/open-whole-file.js";
import { readJsonLines } from "../../files/read-json-lines.js";
import { readText } from "../../files/read-text.js";

const answerSchema = z.object({
  text: z.string(),
  end: z.enum(["stop", "length", "refused", "empty"]),
  /** What wrote it, as it names itself. */
  model: z.string(),
  /** US dollars; nothing where no price is known. */
  cost: z.number().optional(),
});
/** What a call gave, as far as a run needs it. */
export type JournalAnswer = z.infer<typeof answerSchema>;

const lineSchema = z.union([
  z.object({ sent: z.string() }),
  z.object({ key: z.string(), answer: answerSchema }),
  // A local model's proposal that gave nothing to use.
  z.object({ key: z.string(), failed: z.string() }),
]);

const runSchema = z.object({ created: z.iso.datetime() });

/** What a run has been answered, kept in a folder beside its output so that a killed run goes on where it was. */
export interface Journal {
  /** When the first run of this output began. */
  readonly created: string;
  /** Calls that were sent by a run that did not live to see the answer: sent again, they may be paid twice. */
  readonly unanswered: ReadonlySet<string>;
  answerOf(key: string): JournalAnswer | undefined;
  /** Why a local model gave nothing, where it did. */
  failureOf(key: string): string | undefined;
  /** Dollars of all answers, of earlier runs too. */
  cost(): number;
  /** Remembers that a call is about to be sent. */
  send(key: string): Promise<void>;
  /** Resolves when the answer is on the disk. */
  keep(key: string, answer: JournalAnswer): Promise<void>;
  keepFailure(key: string, reason: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the journal in a folder, and makes it where there is none.
 *
 * @throws {BrevisError} `output-failed` where it cannot be written, or another process writes it
 */
export async function openJournal(folder: string): Promise<Journal> {
  await mkdir(folder, { recursive: true }).catch((error) => {
    throw explainWriteError(error, folder);
  });
  const unlock = await lockFile(join(folder, "lock"), "generates pairs for the same output");
  try {
    const created = await rememberStart(join(folder, "run.json"));
    const path = join(folder, "answers.jsonl");
    // Opened first: what a kill cut short is cut off before it is read.
    const file = await openJsonLines(path);
    return await FileJournal.read(path, created, file, unlock);
  } catch (error) {
    await unlock();
    throw error;
  }
}

class FileJournal implements Journal {
  readonly unanswered = new Set<string>();
  readonly #answers = new Map<string, JournalAnswer>();
  readonly #failures = new Map<string, string>();
  #cost = 0;

  private constructor(
    readonly created: string,
    private readonly file: JsonLinesAppender,
    private readonly unlock: () => Promise<void>,
  ) {}

  static async read(path: string, created: string, file: JsonLinesAppender, unlock: () => Promise<void>) {
    const journal = new FileJournal(created, file, unlock);
    try {
      for await (const { record } of readJsonLines(path, { schema: lineSchema, onBroken: "fatal" })) {
        if ("sent" in record) journal.unanswered.add(record.sent);
        else if ("answer" in record) journal.#remember(record.key, record.answer);
        else journal.#failures.set(record.key, record.failed);
      }
      return journal;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  answerOf(key: string): JournalAnswer | undefined {
    return this.#answers.get(key);
  }

  failureOf(key: string): string | undefined {
    return this.#failures.get(key);
  }

  cost(): number {
    return this.#cost;
  }

  send(key: string): Promise<void> {
    return this.file.append({ sent: key });
  }

  async keep(key: string, answer: JournalAnswer): Promise<void> {
    this.#remember(key, answer);
    await this.file.append({ key, answer });
  }

  async keepFailure(key: string, reason: string): Promise<void> {
    this.#failures.set(key, reason);
    await this.file.append({ key, failed: reason });
  }

  async close(): Promise<void> {
    try {
      await this.file.close();
    } finally {
      await this.unlock();
    }
  }

  #remember(key: string, answer: JournalAnswer): void {
    this.unanswered.delete(key);
    this.#answers.set(key, answer);
    this.#cost += answer.cost ?? 0;
  }
}

/** When the output was first begun, so that a resumed run writes what an uninterrupted one would have. */
async function rememberStart(path: string): Promise<string> {
  const known = await readText(path).catch(() => undefined);
  const parsed = runSchema.safeParse(known === undefined ? undefined : parseJson(known));
  if (parsed.success) return parsed.data.created;
  // https://reproducible-builds.org/specs/source-date-epoch/
  const epoch = Number(process.env.SOURCE_DATE_EPOCH || Number.NaN);
  const created = (Number.isFinite(epoch) ? new Date(epoch * 1000) : new Date()).toISOString();
  await writeWholeFile(path, `${JSON.stringify({ created })}\n`);
  return created;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
