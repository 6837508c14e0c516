import { toEngineError } from "./engine-error.js";

/** Closes a native handle at the first call; those after it wait for the same end. */
export function closeOnce(handle: { close(): Promise<void> }): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return () => {
    closing ??= closeHandle(handle);
    return closing;
  };
}

async function closeHandle(handle: { close(): Promise<void> }): Promise<void> {
  try {
    await handle.close();
  } catch (error) {
    // A session's model may have been closed before it, and has closed the session then.
    if ((error as { reason?: unknown }).reason !== "closed") throw toEngineError(error);
  }
}
