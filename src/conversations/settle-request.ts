import type { CompressOptions } from "../compress/types.js";
import type { JsonEdit } from "./edit-json.js";
import { findCandidates } from "./find-candidates.js";
import { mergeLegends } from "./number-aliases.js";
import type { SettleSettings, TextSettler } from "./settle-texts.js";
import type { WireApi } from "./wire-formats.js";

/** Tokens that a request does without, by whether the provider has read them before. */
export interface SavedTokens {
  /** In messages that the model has answered to. */
  readonly old: number;
  readonly new: number;
}

/** What becomes of the texts of a request. */
export interface SettledRequest {
  /** What `editJson` makes the request with that is sent. */
  readonly edits: readonly JsonEdit[];
  /** What the answer's aliases stand for. */
  readonly legend: Readonly<Record<string, string>>;
  readonly saved: SavedTokens;
  /** Whether the conversation has an answer of the model already. */
  readonly isContinued: boolean;
}

/**
 * Compresses what is new in a request, and brings back what was sent before.
 *
 * @param body the request as it was parsed; never changed
 */
export async function settleRequest(
  api: WireApi,
  body: Readonly<Record<string, unknown>>,
  settler: TextSettler,
  settings: SettleSettings,
): Promise<SettledRequest> {
  const found = findCandidates(api, body, settings.tokens);
  // Where the provider keeps the conversation, aliases of earlier requests are in it that this one does not tell of.
  const isKeptThere = (body.previous_response_id ?? body.conversation ?? null) !== null;
  const candidates = isKeptThere ? found.map((one) => ({ ...one, place: `${one.place} continued` })) : found;
  const options: CompressOptions = isKeptThere ? { ...settings.options, dictionary: "off" } : settings.options;
  const settled = await settler.settle(candidates, { ...settings, options });
  const changed = settled.filter(({ sent }) => sent.sent !== null);
  const saved = { old: 0, new: 0 };
  for (const { candidate, sent } of changed) {
    saved[candidate.isNew ? "new" : "old"] += sent.tokens.original - sent.tokens.compressed;
  }
  const texts = changed.map(({ sent }) => sent.sent ?? "");
  return {
    edits: changed.map(({ candidate, sent }) => ({ path: candidate.path, json: JSON.stringify(sent.sent) })),
    // Written anew, so that a sigil that the client wrote as an escape is found as well.
    legend: texts.length === 0 ? {} : mergeLegends(texts, JSON.stringify(body)),
    saved,
    isContinued: candidates.some(({ isNew }) => !isNew),
  };
}
