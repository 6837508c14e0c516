import type { CompressOptions } from "../../compress/types.js";
import type { ProxySettings } from "../configuration/configuration-schema.js";
import { editJson } from "./edit-json.js";
import { findCandidates } from "./find-candidates.js";
import { mergeLegends } from "./number-aliases.js";
import type { TextSettler } from "./settle-texts.js";
import { declaresTools, isFields, modelOf, type WireApi } from "./wire-formats.js";

/** Tokens that a request does without, by whether the provider has read them before. */
export interface SavedTokens {
  /** In messages that the model has answered to. */
  readonly old: number;
  readonly new: number;
}

/** A request as it is passed on. */
export interface Rewritten {
  readonly body: string;
  /** What the answer's aliases stand for. */
  readonly legend: Readonly<Record<string, string>>;
  readonly saved: SavedTokens;
  readonly model: string | undefined;
  readonly hasTools: boolean;
  /** Whether the conversation has an answer of the model already. */
  readonly isContinued: boolean;
}

/**
 * Compresses what is new in a request, and brings back what was sent before. Only the strings that change are written anew; every other
 * byte of the body stays.
 *
 * @returns undefined for a body that is no JSON object
 */
export async function rewriteRequest(
  source: string,
  api: WireApi,
  path: string,
  settings: ProxySettings,
  settler: TextSettler,
): Promise<Rewritten | undefined> {
  const body: unknown = JSON.parse(source);
  if (!isFields(body)) return undefined;
  const model = modelOf(api, path, body);
  const tokens = { tool: settings.toolTokens, user: settings.userTokens };
  const candidates = findCandidates(api, body, tokens);
  const options: CompressOptions = {
    rate: settings.rate,
    deadlineMs: settings.compressMs,
    ...(model === undefined ? {} : { target: model }),
  };
  const settled = await settler.settle(candidates, { tokens, options });
  const changed = settled.filter(({ sent }) => sent.sent !== null);
  const edits = changed.map(({ candidate, sent }) => ({ path: candidate.path, json: JSON.stringify(sent.sent) }));
  const rewritten = edits.length === 0 ? source : editJson(source, edits);
  if (rewritten === undefined) return undefined;
  const saved = { old: 0, new: 0 };
  for (const { candidate, sent } of changed) {
    saved[candidate.isNew ? "new" : "old"] += sent.tokens.original - sent.tokens.compressed;
  }
  const texts = changed.map(({ sent }) => sent.sent ?? "");
  return {
    body: rewritten,
    // Written anew, so that a sigil that the client wrote as an escape is found as well.
    legend: texts.length === 0 ? {} : mergeLegends(texts, JSON.stringify(body)),
    saved,
    model,
    hasTools: declaresTools(body),
    isContinued: candidates.some(({ isNew }) => !isNew),
  };
}
