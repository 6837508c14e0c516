import { createHash } from "node:crypto";
import { findTexts } from "../../compress/messages/find-texts.js";
import type { SentTexts } from "../../conversations/sent-texts.js";
import { declaresTools, isModelOutput, messagesOf, type WireApi } from "../../conversations/wire-formats.js";
import { type OutputShape, writeShape } from "./write-shape.js";

/** How shaping is done. */
export interface ShapingSettings {
  /** The share of conversations that are left as they are, to measure by. */
  readonly heldOut: number;
  readonly aliases: boolean;
}

/** What becomes of a conversation's answers. `none`: it began before, or elsewhere, and is left as it is. */
export type ShapingArm = "shaped" | "held-out" | "none";

/** A conversation's lot. */
export interface ConversationShape {
  readonly arm: ShapingArm;
  readonly shape: OutputShape | undefined;
}

const leftAlone: ConversationShape = { arm: "none", shape: undefined };

/**
 * Decides with a conversation's first request whether and how its answers are shaped, and keeps to it: the block stands in every
 * request from the first on, or in none, so that a cache holds. Which conversations are held out is drawn by their first message.
 */
export async function shapeConversation(
  api: WireApi,
  body: Readonly<Record<string, unknown>>,
  settings: ShapingSettings,
  memory: SentTexts,
): Promise<ConversationShape> {
  const { messages } = messagesOf(api, body);
  const first = messages.find((message) => findTexts(message).length > 0);
  if (first === undefined || body.previous_response_id !== undefined) return leftAlone;
  const place = `shape ${hashOf(
    api,
    JSON.stringify(first, (key, value) => (key === "cache_control" ? undefined : value)),
  )}`;
  const known = memory.at(place);
  if (known !== undefined) return readShape(known.sent);
  if (messages.some(isModelOutput)) return leftAlone;
  const isHeldOut = Number.parseInt(hashOf("lot", place).slice(0, 8), 16) / 2 ** 32 < settings.heldOut;
  const texts = messages.flatMap((message) => findTexts(message).map(({ text }) => text));
  const shape = isHeldOut ? undefined : writeShape({ texts, hasTools: declaresTools(body) || !settings.aliases });
  const sent = shape === undefined ? null : JSON.stringify(shape);
  await memory.remember([{ place, content: place, sent, tokens: { original: 0, compressed: 0 } }]);
  return readShape(sent);
}

function readShape(sent: string | null): ConversationShape {
  return sent === null
    ? { arm: "held-out", shape: undefined }
    : { arm: "shaped", shape: JSON.parse(sent) as OutputShape };
}

function hashOf(...parts: string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part).update("\0");
  return hash.digest("hex").slice(0, 32);
}
