import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { askService, ServiceError } from "../service/ask-service.js";
import { readEvents } from "../service/read-events.js";
import { applyEvent, type ComparisonState, noComparison } from "./comparison-state.js";

/** Pieces that come within this time are shown at once, so that a fast model does not keep the page drawing. */
const drawMs = 40;

/** Asks the model with the whole text and with the compressed one, and holds what came of both. */
export function useComparison(onError: (error: unknown) => void) {
  const [state, setState] = useState<ComparisonState>(noComparison);
  const running = useRef<AbortController>(undefined);

  const ask = useCallback(
    async (body: unknown) => {
      running.current?.abort();
      const leaving = new AbortController();
      running.current = leaving;
      let next: ComparisonState = { ...noComparison, phase: "running" };
      setState(next);
      const drawing = setInterval(() => setState(next), drawMs);
      try {
        const answer = await askService("/api/compare", body, leaving.signal);
        for await (const event of readEvents(answer.body!)) next = applyEvent(next, event);
        if (next.phase === "running") next = cutOff(next);
      } catch (cause) {
        if (running.current !== leaving) return;
        next = leaving.signal.aborted ? { ...next, phase: "stopped" } : failed(next, cause);
        onError(cause);
      } finally {
        clearInterval(drawing);
        if (running.current === leaving) setState(next);
      }
    },
    [onError],
  );
  const stop = useCallback(() => running.current?.abort(), []);
  useEffect(() => stop, [stop]);
  return { state, ask, stop };
}

function cutOff(state: ComparisonState): ComparisonState {
  return { ...state, phase: "failed", error: { code: "cut-off", message: "The service ended the answers midway." } };
}

function failed(state: ComparisonState, cause: unknown): ComparisonState {
  const { message, hint } = cause instanceof ServiceError ? cause : { message: String(cause), hint: undefined };
  return { ...state, phase: "failed", error: { code: "request", message, ...(hint !== undefined && { hint }) } };
}
