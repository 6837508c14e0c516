import { useEffect, useState } from "preact/hooks";
import { askService, ServiceError } from "../service/ask-service.js";
import type { Compression } from "../service/types.js";

/** What a text is compressed with. */
export interface CompressionSettings {
  readonly rate: number;
  readonly kind: string;
  readonly strategy: string;
  readonly dictionary: string;
  /** What the text should answer; empty for nothing in particular. */
  readonly query: string;
}

/** A result, with the text that it is of: the field may have moved on since. */
export interface Compressed {
  readonly source: string;
  readonly result: Compression;
}

/** Wait after the last change: longer for texts that take the service longer. */
function pauseFor(length: number): number {
  return length > 200_000 ? 500 : 150;
}

/** Compresses what is in the field, a moment after it changed; a newer request ends the older one. */
export function useCompression(
  source: string,
  settings: CompressionSettings,
  isReady: boolean,
  onError: (error: unknown) => void,
) {
  const [compressed, setCompressed] = useState<Compressed>();
  const [error, setError] = useState<ServiceError>();
  const [isBusy, setBusy] = useState(false);
  const { rate, kind, strategy, dictionary, query } = settings;
  useEffect(() => {
    if (source.trim() === "") {
      setCompressed(undefined);
      setError(undefined);
      setBusy(false);
      return;
    }
    if (!isReady) return;
    const leaving = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const body = { text: source, rate, kind, strategy, dictionary, ...(query !== "" && { query }) };
    const run = async () => {
      try {
        const answer = await askService("/api/compress", body, leaving.signal);
        setCompressed({ source, result: (await answer.json()).result });
        setError(undefined);
        setBusy(false);
      } catch (cause) {
        if (leaving.signal.aborted) return;
        // Too many others now: it says when to come back, and that needs no reader's hand.
        if (cause instanceof ServiceError && cause.status === 429) {
          timer = setTimeout(run, 1000 * (cause.retryAfter ?? 1));
          return;
        }
        setError(cause instanceof ServiceError ? cause : new ServiceError(500, String(cause), undefined, undefined));
        setBusy(false);
        onError(cause);
      }
    };
    setBusy(true);
    timer = setTimeout(run, pauseFor(source.length));
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [source, rate, kind, strategy, dictionary, query, isReady, onError]);
  return { compressed, error, isBusy };
}
