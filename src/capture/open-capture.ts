// Programs that are compiled for ES2022 have no disposables of their own.
/// <reference lib="esnext.disposable" preserve="true" />

import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { CompressResult, InputCapture } from "../compress/types.js";
import { BrevisError } from "../errors.js";
import { captureFolder } from "./capture-folder.js";
import type { CapturedInput } from "./captured-input.js";
import { InputFiles } from "./input-files.js";
import type { Redactor } from "./redact/redact-secrets.js";

/** What `openCapture` takes, all optional. */
export interface CaptureOptions {
  /** BREVIS_HOME/captured by default, else a folder of brevis in the user's data folder. */
  readonly folder?: string;
  /** The share of texts that is captured, in (0, 1]; all by default. The same text is always captured, or never. */
  readonly share?: number;
  /** Bytes that captured inputs may take on the disk: 64 MiB by default. The oldest go first. */
  readonly maxBytes?: number;
  /** Longer texts are passed over; UTF-16 code units, 100,000 by default. */
  readonly maxLength?: number;
  /** Told of what could not be captured. No call fails for it. */
  readonly onError?: (error: unknown) => void;
}

/** A capture that is open. */
export interface DiskCapture extends InputCapture, AsyncDisposable {
  readonly folder: string;
  /** How many texts were written, and how many were passed over: too long, not redacted for certain, too many at once, or failed. */
  readonly counts: Readonly<Record<"written" | "passedOver", number>>;
  /** Resolves when all that was recorded so far is in the files. */
  flush(): Promise<void>;
  /** Flushes, and records nothing from then on. */
  close(): Promise<void>;
}

const defaults = { share: 1, maxBytes: 64 << 20, maxLength: 100_000 };
/** Texts that wait to be redacted; more at once are passed over. */
const mostWaiting = 64;
/** Texts that this process has seen: the same one is captured once. */
const mostSeen = 20_000;

/**
 * Opens a capture of inputs, for the option `capture` of `compress`: the texts of calls are kept on this machine, without their secrets, to learn
 * from. Nothing is captured unless an application asks for it by this. A text is redacted before anything of it is written; one that cannot be is
 * not written. Recording takes a call no time: it happens after it.
 *
 * @throws {BrevisError} `invalid-option`
 */
export function openCapture(options: CaptureOptions = {}): DiskCapture {
  const { folder = captureFolder(), onError = () => {} } = options;
  const { share, maxBytes, maxLength } = readBounds(options);
  const files = new InputFiles(folder, maxBytes);
  const counts = { written: 0, passedOver: 0 };
  const seen = new LRUCache<string, true>({ max: mostSeen });
  let redactor: Promise<Redactor> | undefined;
  let last: Promise<void> = Promise.resolve();
  let waiting = 0;
  let isClosed = false;

  const write = async (text: string, about: Pick<CompressResult, "kind" | "rate" | "tokens">, at: string) => {
    // Loaded with the first text: importing brevis takes no time for it.
    redactor ??= import("./redact/redact-secrets.js").then(({ createRedactor }) => createRedactor());
    const redact = await redactor;
    // Between two texts other work has its turn.
    await new Promise((resolve) => setImmediate(resolve));
    const redacted = redact(text);
    if (redacted === undefined) return false;
    return files.append(describeInput(redacted.text, redacted.replaced, about, at));
  };

  const capture: DiskCapture = {
    folder,
    counts,
    record(text, result) {
      if (isClosed || text.trim() === "") return;
      const hash = hashOf(text);
      if (hash.readUIntBE(0, 6) >= share * 2 ** 48 || seen.has(hash.toString("base64"))) return;
      if (text.length > maxLength || waiting >= mostWaiting) return void counts.passedOver++;
      seen.set(hash.toString("base64"), true);
      const at = new Date().toISOString();
      waiting++;
      last = last
        .then(() => write(text, result, at))
        .catch((error) => {
          onError(error);
          return false;
        })
        .then((isWritten) => {
          waiting--;
          counts[isWritten ? "written" : "passedOver"]++;
        });
    },
    flush: () => last,
    async close() {
      isClosed = true;
      await last;
      await files.close();
    },
    [Symbol.asyncDispose]: () => capture.close(),
  };
  return capture;
}

function describeInput(
  text: string,
  replaced: CapturedInput["replaced"],
  { kind, rate, tokens }: Pick<CompressResult, "kind" | "rate" | "tokens">,
  at: string,
): CapturedInput {
  const id = hashOf(text).toString("hex").slice(0, 16);
  return { id, at, text, kind, rate, tokens: tokens.original, replaced };
}

function hashOf(text: string): Buffer {
  return createHash("sha256").update(Buffer.from(text, "utf16le")).digest();
}

function readBounds(options: CaptureOptions): typeof defaults {
  const bounds = { ...defaults };
  for (const name of ["share", "maxBytes", "maxLength"] as const) {
    const value: unknown = options[name];
    if (value === undefined) continue;
    const most = name === "share" ? 1 : Number.MAX_SAFE_INTEGER;
    if (typeof value !== "number" || !(value > 0 && value <= most)) {
      const wanted = name === "share" ? "a share above 0 and up to 1" : "a number above 0";
      throw new BrevisError("invalid-option", `Option ${name}: expected ${wanted} but received ${String(value)}.`);
    }
    bounds[name] = value;
  }
  return bounds;
}
