import { findTexts } from "../../compress/messages/find-texts.js";
import type { CompressOptions } from "../../compress/types.js";
import { editJson, type JsonEdit } from "../../conversations/edit-json.js";
import type { SentTexts } from "../../conversations/sent-texts.js";
import { type SavedTokens, settleRequest } from "../../conversations/settle-request.js";
import type { TextSettler } from "../../conversations/settle-texts.js";
import { declaresTools, isFields, messagesOf, modelOf, type WireApi } from "../../conversations/wire-formats.js";
import { loadTokenCounter } from "../../engine/tokens/load-token-counter.js";
import type { ProxySettings } from "../configuration/configuration-schema.js";
import { type ShapingArm, shapeConversation } from "../shaping/conversation-shaper.js";
import { lowerLimit, type OutputLimits, type TaskKind, taskKindOf } from "../shaping/output-limits.js";
import { placeBlock } from "../shaping/place-block.js";

/** A request as it is passed on. */
export interface Rewritten {
  readonly body: string;
  /** What the answer's aliases stand for. */
  readonly legend: Readonly<Record<string, string>>;
  readonly saved: SavedTokens;
  readonly model: string | undefined;
  readonly shaping: RequestShaping;
  /** Whether the conversation has an answer of the model already. */
  readonly isContinued: boolean;
}

/** What was done about the answer's length. */
export interface RequestShaping {
  readonly arm: ShapingArm;
  readonly kind: TaskKind;
  /** Tokens that were put into the system prompt. */
  readonly added: number;
  /** The limit that was set, where one was. */
  readonly limit: number | undefined;
}

/** What rewriting works with. */
export interface RewriteServices {
  readonly settings: ProxySettings;
  readonly settler: TextSettler;
  readonly memory: SentTexts;
  readonly limits: OutputLimits;
}

/**
 * Compresses what is new in a request, and brings back what was sent before. Only the values that change are written anew; every other
 * byte of the body stays.
 *
 * @returns undefined for a body that is no JSON object
 */
export async function rewriteRequest(
  source: string,
  api: WireApi,
  path: string,
  services: RewriteServices,
): Promise<Rewritten | undefined> {
  const body: unknown = JSON.parse(source);
  if (!isFields(body)) return undefined;
  const { settings, settler } = services;
  const model = modelOf(api, path, body);
  const tokens = { tool: settings.toolTokens, user: settings.userTokens };
  const options: CompressOptions = {
    rate: settings.rate,
    deadlineMs: settings.compressMs,
    ...(model === undefined ? {} : { target: model }),
  };
  const settled = await settleRequest(api, body, settler, { tokens, options });
  const shaped = await shapeRequest(api, body, model, services);
  const edits = [...settled.edits, ...shaped.edits];
  const rewritten = edits.length === 0 ? source : editJson(source, edits);
  if (rewritten === undefined) return undefined;
  return {
    body: rewritten,
    legend: { ...settled.legend, ...shaped.legend },
    saved: settled.saved,
    model,
    shaping: shaped.shaping,
    isContinued: settled.isContinued,
  };
}

interface ShapedRequest {
  readonly edits: readonly JsonEdit[];
  readonly legend: Readonly<Record<string, string>>;
  readonly shaping: RequestShaping;
}

/** The block at the end of the system prompt, and the limit of the answer. */
async function shapeRequest(
  api: WireApi,
  body: Readonly<Record<string, unknown>>,
  model: string | undefined,
  { settings: { shaping }, memory, limits }: RewriteServices,
): Promise<ShapedRequest> {
  const kind = taskKindOf(lastTextOf(api, body));
  const unshaped = (arm: ShapingArm): ShapedRequest => ({
    edits: [],
    legend: {},
    shaping: { arm, kind, added: 0, limit: undefined },
  });
  if (!shaping.enabled) return unshaped("none");
  const { arm, shape } = await shapeConversation(api, body, shaping, memory);
  const placed = shape && placeBlock(api, body, shape.block);
  if (shape === undefined || placed === undefined) return unshaped(shape === undefined ? arm : "none");
  const counter = await loadTokenCounter(model);
  const limit = shaping.limits && !declaresTools(body) ? limits.limitFor(model ?? "", kind) : undefined;
  const lowered = limit === undefined ? undefined : lowerLimit(api, body, limit);
  const written = JSON.stringify(body);
  return {
    edits: lowered === undefined ? [placed] : [placed, lowered],
    // An alias that somebody else has written since could stand for itself in the answer.
    legend: Object.fromEntries(Object.entries(shape.legend).filter(([alias]) => !written.includes(alias))),
    shaping: { arm, kind, added: counter.count(shape.block), limit: lowered === undefined ? undefined : limit },
  };
}

/** The last text that somebody other than the model wrote. */
function lastTextOf(api: WireApi, body: Readonly<Record<string, unknown>>): string {
  if (typeof body.input === "string") return body.input;
  const { messages } = messagesOf(api, body);
  const texts = findTexts(messages.at(-1)).filter(({ role }) => role === "user");
  return texts.at(-1)?.text ?? "";
}
