import type { z } from "zod";
import { describe } from "../../compress/options/normalize-options.js";
import { BrevisError } from "../../errors.js";
import { optionFields } from "./compress-fields.js";

/** Reads a body by its schema. @throws {BrevisError} `invalid-option` or `invalid-input`, naming the field */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const path = issue.path.join(".");
  const code = Object.hasOwn(optionFields, String(issue.path[0])) ? "invalid-option" : "invalid-input";
  if (issue.code === "unrecognized_keys") {
    const keys = issue.keys.map((key) => JSON.stringify(key.slice(0, 60))).join(", ");
    throw new BrevisError(
      "invalid-option",
      `Expected only known fields${path && ` in ${path}`} but received ${keys}.`,
      {
        hint: "GET /api/openapi.json has every field. Models, adapters, engines and stores are the operator's choice.",
      },
    );
  }
  const received = issue.path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
    body,
  );
  const where = path === "" ? "the body" : `field ${path}`;
  // What was received is shown by its type alone where it may be a document.
  const shown = typeof received === "string" ? `a string of ${received.length}` : describe(received);
  throw new BrevisError(code, `Expected ${where} to be valid: ${issue.message}; received ${shown}.`);
}
