import type { IncomingMessage } from "node:http";
import { readJsonBody } from "../http/read-json-body.js";
import type { Services } from "../services.js";
import { readCompressBody } from "./compress-body.js";

/** POST /api/compress. Results arrive as JSON text, and stay so. */
export async function answerCompress(
  incoming: IncomingMessage,
  signal: AbortSignal,
  { compress, configuration: { limits }, metrics }: Services,
): Promise<Response> {
  const { shape, jobs } = readCompressBody(await readJsonBody(incoming, limits.bodyBytes), limits.documents);
  const answers =
    jobs.length === 1 ? [await compress.compress(jobs[0]!, signal)] : await compress.compressAll(jobs, signal);
  for (const answer of answers) metrics.result(answer);
  const written = answers.map(({ json }) => json);
  const body = shape === "documents" ? `{"results":[${written.join(",")}]}` : `{"result":${written[0]}}`;
  const headers = {
    "content-type": "application/json; charset=utf-8",
    "x-brevis-cache": answers.every(({ cached }) => cached) ? "hit" : "miss",
  };
  return new Response(body, { headers });
}
