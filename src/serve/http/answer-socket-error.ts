import type { Socket } from "node:net";
import { describeError } from "./answer-error.js";
import { RequestError } from "./request-error.js";

/** Answers what never became a request, in the shape of every other error, and hangs up. */
export function answerSocketError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const known = toRequestError(error.code);
  const [status, phrase] = known === undefined ? [400, "Bad Request"] : [known.httpStatus, phrases[known.httpStatus]];
  const body = JSON.stringify(
    known === undefined
      ? { error: { code: "invalid-input", message: "Expected HTTP but received something else." } }
      : describeError(known),
  );
  socket.end(
    `HTTP/1.1 ${status} ${phrase}\r\nconnection: close\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

const phrases: Readonly<Record<number, string>> = { 408: "Request Timeout", 431: "Request Header Fields Too Large" };

function toRequestError(code: string | undefined): RequestError | undefined {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") {
    return new RequestError(408, "Expected the whole request in time but it came too slowly.");
  }
  if (code === "HPE_HEADER_OVERFLOW") {
    return new RequestError(431, "Expected headers of 16 KiB at most but received more.");
  }
  return undefined;
}
