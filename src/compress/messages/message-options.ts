import { BrevisError } from "../../errors.js";
import { describe, normalizeOptions } from "../options/normalize-options.js";
import type { CompressOptions } from "../types.js";
import type { TextRole } from "./find-texts.js";

/** How messages are compressed: as one text is, and whose texts. */
export interface CompressMessagesOptions extends CompressOptions {
  /** Whose texts are compressed: `tool` results and `user` texts by default. */
  roles?: readonly TextRole[];
  /** Texts of fewer tokens are left alone; 200 by default. */
  minTokens?: number;
}

export interface NormalizedMessagesOptions {
  readonly roles: ReadonlySet<TextRole>;
  readonly minTokens: number;
  readonly compress: CompressOptions;
}

const knownRoles: readonly TextRole[] = ["user", "assistant", "tool"];

/** @throws {BrevisError} `invalid-option` */
export function normalizeMessagesOptions(options: CompressMessagesOptions = {}): NormalizedMessagesOptions {
  if (typeof options !== "object" || options === null) {
    throw new BrevisError("invalid-option", `Expected options to be an object but received ${describe(options)}.`);
  }
  const { roles = ["user", "tool"], minTokens = 200, ...compress } = options;
  if (!Array.isArray(roles) || !roles.every((role) => knownRoles.includes(role))) {
    const received = Array.isArray(roles) ? roles.map(describe).join(", ") : describe(roles);
    throw new BrevisError(
      "invalid-option",
      `Option roles: expected ${knownRoles.join(", ")} but received ${received}.`,
    );
  }
  if (typeof minTokens !== "number" || !(minTokens >= 0)) {
    throw new BrevisError(
      "invalid-option",
      `Option minTokens: expected 0 or more but received ${describe(minTokens)}.`,
    );
  }
  if (compress.legend === "separate") {
    throw new BrevisError("invalid-option", 'Option legend: expected "inline" but received "separate".', {
      hint: "Every message carries its own legend, so that it is never changed again.",
    });
  }
  normalizeOptions(compress);
  return { roles: new Set(roles), minTokens, compress };
}
