import type { IncomingMessage } from "node:http";
import { describeError, toBrevisError } from "../http/answer-error.js";
import { readJsonBody } from "../http/read-json-body.js";
import { OverloadError } from "../http/request-error.js";
import type { Services } from "../services.js";
import { readCompareBody } from "./compare-body.js";
import { runCompare } from "./run-compare.js";

/** Comparisons that run at a time; each holds two streams of a provider. */
const mostRunning = 8;
let running = 0;

/** POST /api/compare: refuses what cannot be meant with a status, and then streams events, `stream_end` the last of them. */
export async function answerCompare(
  incoming: IncomingMessage,
  signal: AbortSignal,
  services: Services,
): Promise<Response> {
  const body = await readJsonBody(incoming, services.configuration.limits.bodyBytes);
  const task = readCompareBody(body, services.models().defaultModel);
  if (running >= mostRunning) throw new OverloadError(`${running} comparisons run already.`, 10);
  running++;
  const leaving = new AbortController();
  const either = AbortSignal.any([signal, leaving.signal]);
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  writer.closed.catch(() => leaving.abort());
  const encoder = new TextEncoder();
  const emit = (event: string, data: unknown) =>
    writer.write(encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
  const stream = async () => {
    try {
      await runCompare(task, services, emit, either);
    } catch (error) {
      if (!either.aborted) {
        await emit("error", describeError(toBrevisError(error)));
        await emit("stream_end", { ok: false });
      }
    } finally {
      running--;
      await writer.close().catch(() => {});
    }
  };
  // A reader that has gone ends the writing, which nobody has to be told of.
  stream().catch(() => {});
  return new Response(readable, {
    headers: { "content-type": "text/event-stream; charset=utf-8", "x-accel-buffering": "no" },
  });
}
