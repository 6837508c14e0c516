import type { IncomingMessage } from "node:http";
import { BrevisError } from "../../errors.js";
import { RequestError } from "./request-error.js";

/** Reads a request's body as text, up to a size. @throws {BrevisError} 413, 415, 400 for what is no UTF-8 */
export async function readTextBody(incoming: IncomingMessage, mostBytes: number): Promise<string> {
  requireJson(incoming.headers["content-type"]);
  const bytes = await readBytes(incoming, mostBytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new BrevisError("input-not-utf8", "Expected the body in UTF-8 but it is in another encoding.", { cause });
  }
}

/** Reads a request's body as JSON. @throws {BrevisError} 413, 415, 400 */
export async function readJsonBody(incoming: IncomingMessage, mostBytes: number): Promise<unknown> {
  const text = await readTextBody(incoming, mostBytes);
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The parser's own message quotes the body, which belongs in no log.
    throw new BrevisError("invalid-input", "Expected the body to be JSON but it cannot be parsed.", { cause });
  }
}

function requireJson(type: string | undefined): void {
  if (/^application\/json\s*(;|$)/iu.test(type ?? "")) return;
  const received = type === undefined ? "none" : JSON.stringify(type.slice(0, 80));
  throw new RequestError(415, `Expected the content type application/json but received ${received}.`);
}

/** @param mostBytes beyond it reading ends at once, and earlier where the length was announced */
export async function readBytes(incoming: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const announced = Number(incoming.headers["content-length"] ?? 0);
  if (announced > mostBytes) throw tooLarge(mostBytes);
  const chunks: Buffer[] = [];
  let length = 0;
  await new Promise<void>((resolve, reject) => {
    incoming.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= mostBytes) chunks.push(chunk);
      else {
        // What still comes is read and forgotten: a connection that is closed on unread bytes takes the answer with it.
        chunks.length = 0;
        reject(tooLarge(mostBytes));
      }
    });
    incoming.once("end", resolve);
    incoming.once("error", () => reject(new BrevisError("aborted", "The caller hung up within its request.")));
    incoming.once("close", () => reject(new BrevisError("aborted", "The caller hung up within its request.")));
  });
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length);
}

function tooLarge(mostBytes: number): RequestError {
  return new RequestError(
    413,
    `Expected a body of ${mostBytes} bytes at most but received more.`,
    "Send less at a time.",
  );
}
