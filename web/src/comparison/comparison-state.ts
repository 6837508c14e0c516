import type { ServerEvent } from "../service/read-events.js";
import type { AnswerFigures, ErrorBody, QualityFigures } from "../service/types.js";

/** One side of a comparison. */
export interface SideState {
  readonly text: string;
  readonly figures?: AnswerFigures;
  readonly error?: ErrorBody;
}

export interface ComparisonState {
  readonly phase: "none" | "running" | "done" | "stopped" | "failed";
  readonly direct: SideState;
  readonly compact: SideState;
  readonly quality?: QualityFigures;
  /** Where the compact answer is the longer one, what the service says of it. */
  readonly guard?: string;
  readonly aliases?: { readonly aliases: number; readonly used: number };
  readonly error?: ErrorBody;
}

export const noComparison: ComparisonState = { phase: "none", direct: { text: "" }, compact: { text: "" } };

/** The state after an event of POST /api/compare. Events that the page shows nothing of leave it as it is. */
export function applyEvent(state: ComparisonState, { name, data }: ServerEvent): ComparisonState {
  const fields = data as Record<string, never>;
  switch (name) {
    case "direct_token":
      return { ...state, direct: { ...state.direct, text: state.direct.text + fields.text } };
    case "compact_token":
      return { ...state, compact: { ...state.compact, text: state.compact.text + fields.text } };
    case "direct_done":
      return { ...state, direct: finishSide(state.direct, fields) };
    case "compact_done":
      return { ...state, compact: finishSide(state.compact, fields) };
    case "dict_stats":
      return { ...state, aliases: { aliases: fields.aliases ?? 0, used: fields.used_in_output ?? 0 } };
    case "quality":
      return { ...state, quality: data as QualityFigures };
    case "output_guard":
      return fields.message === null ? state : { ...state, guard: fields.message! };
    case "error":
      return { ...state, error: (data as { error: ErrorBody }).error };
    case "stream_end":
      return { ...state, phase: state.error === undefined ? "done" : "failed" };
    default:
      return state;
  }
}

function finishSide(side: SideState, data: unknown): SideState {
  const { error } = data as { error?: ErrorBody };
  return error === undefined ? { ...side, figures: data as AnswerFigures } : { ...side, error };
}
