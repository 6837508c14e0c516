import { BrevisError } from "../errors.js";
import type { CompressContext } from "./context.js";
import { isCompressedText } from "./text/compressed-text.js";
import { omissionIdLength } from "./text/omission-marker.js";
import type { CompressResult, OriginalsStore, Warning } from "./types.js";

/** A fault of the store, which is no reason to fail the call. */
class StoreFailure extends Error {}

/**
 * Runs the stages with the ids of the caller's store in the markers, and keeps what they stand for and the whole source.
 * Where nothing can be kept, the stages run without ids and the result says so: no marker promises what is not there.
 *
 * @param once a model writes, and somebody may have read it: whether the store works is tried before, and a later fault is only reported
 */
export async function keepOriginals(
  source: string,
  context: CompressContext,
  runStages: (context: CompressContext) => Promise<CompressResult>,
  { once = false }: { readonly once?: boolean } = {},
): Promise<CompressResult> {
  const { store } = context.options;
  if (store === undefined) return runStages(context);
  try {
    if (await isCompressedText(source, store)) {
      throw new StoreFailure("the text is itself a result of brevis, and only originals are kept");
    }
    if (once) await tryStore(source, store);
    const result = await runStages(withStore(context, checkIds(store)));
    if (result.loss === "none") return result;
    try {
      return { ...result, id: await keep(source, result, store) };
    } catch (error) {
      if (once && error instanceof StoreFailure) return withoutIds(result, error);
      throw error;
    }
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error;
    const result = await runStages(withStore(context, undefined));
    if (result.loss === "none") return result;
    return { ...result, warnings: [...result.warnings, unavailable(error)] };
  }
}

async function keep(source: string, { segments, text }: CompressResult, store: OriginalsStore): Promise<string> {
  const slices = segments.flatMap(({ omitted }) => omitted.filter(({ id }) => id !== undefined));
  try {
    if (store.putResult !== undefined) return await store.putResult({ source, slices, compressed: text });
    for (const { start, end } of slices) await store.put(source.slice(start, end));
    return await store.put(source);
  } catch (cause) {
    throw storeFailure(cause);
  }
}

async function tryStore(source: string, store: OriginalsStore): Promise<void> {
  try {
    await store.put(source);
  } catch (cause) {
    throw storeFailure(cause);
  }
}

function withoutIds(result: CompressResult, failure: StoreFailure): CompressResult {
  const segments = result.segments.map((segment) => ({
    ...segment,
    omitted: segment.omitted.map(({ id: _, ...omission }) => omission),
  }));
  return { ...result, segments, warnings: [...result.warnings, unavailable(failure)] };
}

/** The store, with a check on what it gives: an id of another form could not be read back from a marker. */
function checkIds(store: OriginalsStore): OriginalsStore {
  const idOf = (text: string) => {
    let id: unknown;
    try {
      id = store.idOf(text);
    } catch (cause) {
      throw storeFailure(cause);
    }
    if (typeof id === "string" && id.length === omissionIdLength && /^\d+$/u.test(id)) return id;
    throw new StoreFailure(`expected ids of ${omissionIdLength} digits but the store gave ${String(id)}`);
  };
  return { idOf, put: (text) => store.put(text), get: (id) => store.get(id) };
}

function withStore(context: CompressContext, store: OriginalsStore | undefined): CompressContext {
  return { ...context, options: { ...context.options, store } };
}

function storeFailure(cause: unknown): Error {
  if (cause instanceof BrevisError && cause.code === "aborted") return cause;
  return new StoreFailure(cause instanceof Error ? cause.message : String(cause), { cause });
}

function unavailable({ message }: StoreFailure): Warning {
  return { code: "store-unavailable", message: `What was left out is not kept: ${message}` };
}
