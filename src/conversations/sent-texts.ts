import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LRUCache } from "lru-cache";
import { type JsonLinesAppender, openJsonLines } from "../files/append-json-lines.js";

/** What became of a text when it was sent first: it keeps these bytes. */
export interface SentText {
  /** Identifies the text with everything before it in its conversation. */
  readonly place: string;
  /** Identifies the text by itself. */
  readonly content: string;
  /** What was sent in its place; null where it was sent as it is. */
  readonly sent: string | null;
  readonly tokens: { readonly original: number; readonly compressed: number };
}

/** The memory of what was sent, in this process and, where it has a folder, on disk. */
export interface SentTexts {
  /** By place. */
  at(place: string): SentText | undefined;
  /** By content: how a text was last sent in another form, wherever. */
  like(content: string): SentText | undefined;
  /** Resolves once it would be known after a restart. */
  remember(texts: readonly SentText[]): Promise<void>;
  readonly size: number;
  close(): Promise<void>;
}

const fileName = "sent-texts.jsonl";
const overhead = 400;

/**
 * Opens the memory.
 *
 * @param folder open to its user alone, made where it is not there; undefined keeps nothing on disk
 * @param mostBytes of what is remembered, in memory and, twice as much, on disk; what was used least lately is forgotten
 */
export async function openSentTexts(folder: string | undefined, mostBytes: number): Promise<SentTexts> {
  const sizeCalculation = ({ sent }: SentText) => 2 * (sent?.length ?? 0) + overhead;
  const places = new LRUCache<string, SentText>({ maxSize: mostBytes, sizeCalculation });
  const contents = new LRUCache<string, SentText>({ maxSize: mostBytes, sizeCalculation });
  const take = (text: SentText) => {
    places.set(text.place, text);
    if (text.sent !== null) contents.set(text.content, text);
  };
  let log: JsonLinesAppender | undefined;
  if (folder !== undefined) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, fileName);
    for (const text of readLog(path, 2 * mostBytes)) take(text);
    log = await openJsonLines(path, { sync: "close", shared: true });
  }
  return {
    at: (place) => places.get(place),
    like: (content) => contents.get(content),
    async remember(texts) {
      for (const text of texts) take(text);
      if (texts.length > 0) await log?.append(...texts);
    },
    get size() {
      return places.size;
    },
    close: async () => log?.close(),
  };
}

/** What a log holds; one that has grown too long is cut to its newer half. A line that cannot be read is one that is not there. */
function readLog(path: string, mostBytes: number): SentText[] {
  if (!existsSync(path)) {
    writeFileSync(path, "", { mode: 0o600 });
    return [];
  }
  let lines = readFileSync(path, "utf8").split("\n");
  if (statSync(path).size > mostBytes) {
    lines = lines.slice(lines.length >> 1);
    writeFileSync(path, lines.join("\n"), { mode: 0o600 });
  }
  return lines.flatMap((line) => {
    try {
      const text = JSON.parse(line) as SentText;
      return typeof text.place === "string" && typeof text.content === "string" ? [text] : [];
    } catch {
      return [];
    }
  });
}
