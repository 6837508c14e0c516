import { BrevisError } from "../../errors.js";

/** A thing in use; letting go of it again is fine. */
export interface Lease<T> {
  readonly value: T;
  /** Closes the thing where this was its last user, and waits for that. */
  release(): Promise<void>;
}

interface Entry<T> {
  readonly opening: Promise<T>;
  readonly controller: AbortController;
  users: number;
}

/** Things that are opened once a key, shared by those who ask for it, and closed when the last of them lets go. */
export class SharedOpenings<T> {
  readonly #entries = new Map<string, Entry<T>>();
  readonly #close: (value: T) => Promise<void>;

  constructor(close: (value: T) => Promise<void>) {
    this.#close = close;
  }

  /**
   * @param open called unless the key is open, or being opened; its signal fires when nobody waits any more
   * @param signal ends this caller's waiting only, with `aborted`
   */
  async acquire(key: string, open: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<Lease<T>> {
    if (signal?.aborted) throw abortedBy(signal);
    const entry = this.#entries.get(key) ?? this.#start(key, open);
    entry.users++;
    let released: Promise<void> | undefined;
    const release = () => {
      released ??= this.#leave(key, entry);
      return released;
    };
    try {
      return { value: await waitFor(entry.opening, signal), release };
    } catch (error) {
      void release();
      throw error;
    }
  }

  #start(key: string, open: (signal: AbortSignal) => Promise<T>): Entry<T> {
    const controller = new AbortController();
    const entry: Entry<T> = { opening: open(controller.signal), controller, users: 0 };
    this.#entries.set(key, entry);
    // What could not be opened may be there the next time.
    entry.opening.catch(() => this.#forget(key, entry));
    return entry;
  }

  async #leave(key: string, entry: Entry<T>): Promise<void> {
    entry.users--;
    if (entry.users > 0) return;
    this.#forget(key, entry);
    entry.controller.abort();
    const value = await entry.opening.then(
      (opened) => ({ opened }),
      () => undefined,
    );
    if (value !== undefined) await this.#close(value.opened);
  }

  #forget(key: string, entry: Entry<T>): void {
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }
}

function waitFor<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const stop = () => reject(abortedBy(signal));
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

function abortedBy(signal: AbortSignal): BrevisError {
  return new BrevisError("aborted", "The model's opening was aborted by its signal.", { cause: signal.reason });
}
