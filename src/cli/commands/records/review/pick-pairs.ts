import { emitKeypressEvents } from "node:readline";
import { BrevisError } from "../../../../errors.js";
import type { Pair } from "../../../../records/pair.js";
import type { Review } from "../../../../records/review/review.js";
import { drawPair } from "./draw-pair.js";

/** A terminal to pick at. */
export interface PickTerminal {
  readonly input: NodeJS.ReadableStream & { setRawMode?: (mode: boolean) => unknown };
  readonly output: { write(text: string): unknown; readonly columns?: number; readonly rows?: number };
  /** Lets the user change a text. */
  readonly edit: (text: string) => Promise<string>;
}

const question = "[a]ccept  [r]eject  [e]dit  [s]kip  [m]ore  [q]uit ";

/**
 * Shows pair after pair and asks what to do with each, by single keys. What is skipped stays pending; quitting, or the end of the input, leaves the
 * rest for the next time.
 */
export async function pickPairs(review: Review, { input, output, edit }: PickTerminal): Promise<void> {
  const keys = openKeys(input);
  const pending = review.pending();
  try {
    for (const [index, pair] of pending.entries()) {
      output.write(drawPair(pair, { at: index + 1, of: pending.length, ...output }));
      if ((await askAbout(pair)) === "quit") return;
    }
  } finally {
    keys.close();
  }

  async function askAbout(pair: Pair): Promise<"done" | "quit"> {
    for (;;) {
      output.write(question);
      const key = await keys.next();
      output.write(`${key === undefined || key === "\u0003" ? "q" : key}\n`);
      if (key === undefined || key === "q" || key === "\u0003" || key === "\u0004") return "quit";
      if (key === "s") return "done";
      if (key === "m") output.write(drawPair(pair, { whole: true }));
      if (key === "a") return review.accept(pair.id).then(() => "done");
      if (key === "r") return review.reject(pair.id).then(() => "done");
      if (key === "e" && (await tryEdit(pair))) return "done";
    }
  }

  /** Whether the edited text was taken. */
  async function tryEdit(pair: Pair): Promise<boolean> {
    keys.pause();
    try {
      const edited = await edit(pair.compressed);
      if (edited === pair.compressed) await review.accept(pair.id);
      else await review.edit(pair.id, edited);
      return true;
    } catch (error) {
      if (!(error instanceof BrevisError) || error.code === "output-failed") throw error;
      output.write(`${error.message} ${error.hint ?? ""}\n`);
      return false;
    } finally {
      keys.resume();
    }
  }
}

interface Keys {
  /** The next key; undefined at the end of the input. */
  next(): Promise<string | undefined>;
  /** Leaves the terminal to an editor, and takes it again. */
  pause(): void;
  resume(): void;
  close(): void;
}

function openKeys(input: PickTerminal["input"]): Keys {
  const typed: (string | undefined)[] = [];
  let waiting: ((key: string | undefined) => void) | undefined;
  const give = (key: string | undefined) => {
    if (waiting === undefined) return void typed.push(key);
    waiting(key);
    waiting = undefined;
  };
  const onKey = (text: string | undefined, key: { sequence?: string }) =>
    give((text ?? key.sequence)?.toLowerCase() ?? "");
  const onEnd = () => give(undefined);
  emitKeypressEvents(input);
  const resume = () => {
    input.setRawMode?.(true);
    input.on("keypress", onKey).resume();
  };
  const pause = () => {
    input.off("keypress", onKey);
    input.setRawMode?.(false);
    input.pause();
  };
  input.on("end", onEnd);
  resume();
  return {
    next: () => (typed.length > 0 ? Promise.resolve(typed.shift()) : new Promise((resolve) => (waiting = resolve))),
    pause,
    resume,
    close() {
      pause();
      input.off("end", onEnd);
    },
  };
}
