import { RE2JS } from "re2js";
import { BrevisError } from "../../errors.js";

/**
 * An expression in RE2 syntax in the form that options take. brevis reads its `source` and runs it in linear time;
 * `(?i)` and other RE2 notation that a plain RegExp refuses may stand in it. As a RegExp it matches nothing.
 */
class Re2Pattern extends RegExp {
  readonly #expression: string;

  constructor(expression: string) {
    super("(?!)");
    this.#expression = expression;
  }

  override get source(): string {
    return this.#expression;
  }

  override toString(): string {
    return this.#expression;
  }
}

/** @throws {BrevisError} `invalid-option` for what is no RE2 expression */
export function compileRe2Pattern(expression: string): RegExp {
  if (expression === "") {
    throw new BrevisError("invalid-option", "Expected an expression for --must-keep but received an empty one.");
  }
  try {
    RE2JS.compile(expression);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BrevisError(
      "invalid-option",
      `Expected RE2 syntax for --must-keep but received ${expression}: ${reason}.`,
      {
        hint: "RE2 has no look-around and no backreferences. To keep a literal text, escape it: \\Q...\\E",
        cause,
      },
    );
  }
  return new Re2Pattern(expression);
}
