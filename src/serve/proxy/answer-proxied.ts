import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { restoreEventsWith } from "../../compress/restoring/create-restorer.js";
import type { OriginalsStore } from "../../compress/types.js";
import { restoreJsonAnswer } from "../../conversations/restore-answer.js";
import type { Usage } from "../../llm/types.js";
import { completeUsage, readUsage, StreamedUsage } from "./read-usage.js";
import { endToEndHeaders } from "./send-upstream.js";

/** What an answer has to be restored with. */
export interface AnswerRestoring {
  readonly legend: Readonly<Record<string, string>>;
  readonly store: Pick<OriginalsStore, "get"> | undefined;
}

/** Passes an answer on as it is: errors, and whatever is not understood. */
export async function passAnswer(answer: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  writeHead(answer, outgoing, answer.headers["content-length"]);
  await pipeline(answer, outgoing);
}

/**
 * Passes a model's answer on, restored, and reads what it used.
 *
 * @returns undefined where the answer states no usage
 */
export async function answerRestored(
  answer: IncomingMessage,
  outgoing: ServerResponse,
  restoring: AnswerRestoring,
): Promise<Usage | undefined> {
  const type = String(answer.headers["content-type"] ?? "");
  const isEncoded = (answer.headers["content-encoding"] ?? "identity") !== "identity";
  const isRead = answer.statusCode === 200 && !isEncoded;
  if (isRead && type.startsWith("text/event-stream")) return streamRestored(answer, outgoing, restoring);
  if (isRead && type.startsWith("application/json")) return sendRestored(answer, outgoing, restoring);
  await passAnswer(answer, outgoing);
  return undefined;
}

async function streamRestored(
  answer: IncomingMessage,
  outgoing: ServerResponse,
  { legend, store }: AnswerRestoring,
): Promise<Usage | undefined> {
  const usage = new StreamedUsage();
  const restoring = isToRestore({ legend, store }) ? restoreEventsWith(legend, store) : undefined;
  writeHead(answer, outgoing, undefined);
  outgoing.flushHeaders();
  await pipeline(
    answer,
    async function* (chunks: AsyncIterable<Buffer>) {
      const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
      for await (const chunk of chunks) {
        const text = decoder.decode(chunk, { stream: true });
        usage.write(text);
        yield restoring === undefined ? chunk : await restoring.write(text);
      }
      if (restoring !== undefined) yield (await restoring.write(decoder.decode())) + (await restoring.end());
    },
    outgoing,
  );
  return usage.usage;
}

async function sendRestored(
  answer: IncomingMessage,
  outgoing: ServerResponse,
  { legend, store }: AnswerRestoring,
): Promise<Usage | undefined> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const source = bytes.toString("utf8");
  const restored = isToRestore({ legend, store }) ? await restoreJsonAnswer(source, legend, store) : source;
  const given = restored === source ? bytes : Buffer.from(restored);
  writeHead(answer, outgoing, String(given.length));
  outgoing.end(given);
  return readWholeUsage(source);
}

/** A model may copy aliases into its answer, and markers, which stand in texts without a legend too. */
function isToRestore({ legend, store }: AnswerRestoring): boolean {
  return store !== undefined || Object.keys(legend).length > 0;
}

function readWholeUsage(source: string): Usage | undefined {
  try {
    const answer: unknown = JSON.parse(source);
    return completeUsage(readUsage(Array.isArray(answer) ? answer.at(-1) : answer));
  } catch {
    return undefined;
  }
}

function writeHead(answer: IncomingMessage, outgoing: ServerResponse, length: string | undefined): void {
  const headers = endToEndHeaders(answer.headers);
  outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage, {
    ...headers,
    ...(length === undefined ? {} : { "content-length": length }),
  });
}
