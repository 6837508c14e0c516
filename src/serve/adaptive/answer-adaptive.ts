import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { kinds } from "../../compress/types.js";
import { parseBody } from "../api/parse-body.js";
import { readJsonBody } from "../http/read-json-body.js";
import type { Services } from "../services.js";

const kind = z.enum(kinds);

/** The body of POST /api/feedback: how good an answer on a compressed text was. */
export const feedbackBodySchema = z.strictObject({
  kind: kind.meta({ description: "The `kind` of the result." }),
  rate: z.number().gt(0).lte(1).meta({ description: "The `rate` of the result." }),
  quality: z.number().min(0).max(1).meta({ description: "0, nothing of use, to 1, as good as on the whole text." }),
});
/** The body of POST /api/adaptive/reset. */
export const resetBodySchema = z.strictObject({
  kind: kind.nullish().meta({ description: "All kinds where none is named." }),
});

/** POST /api/feedback. */
export async function answerFeedback(
  incoming: IncomingMessage,
  { adaptive, configuration }: Services,
): Promise<object> {
  const body = parseBody(feedbackBodySchema, await readJsonBody(incoming, configuration.limits.bodyBytes));
  adaptive.learn(body.kind, body.rate, body.quality);
  return { kind: body.kind, ...adaptive.describe()[body.kind] };
}

/** POST /api/adaptive/reset. */
export async function answerReset(incoming: IncomingMessage, { adaptive, configuration }: Services): Promise<object> {
  const body = parseBody(resetBodySchema, await readJsonBody(incoming, configuration.limits.bodyBytes));
  adaptive.reset(body.kind ?? undefined);
  return { curves: adaptive.describe() };
}
