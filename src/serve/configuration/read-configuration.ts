import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { BrevisError } from "../../errors.js";
import { configurationSchema, type ServeConfiguration } from "./configuration-schema.js";

/**
 * Reads the service's configuration.
 *
 * @param path a YAML file; every default where there is none
 * @param overrides what the command line says, which comes before the file, setting by setting
 * @throws {BrevisError} `input-not-found`, or `invalid-option` naming the setting
 */
export function readConfiguration(
  path?: string,
  overrides: Readonly<Record<string, unknown>> = {},
): ServeConfiguration {
  const written = path === undefined ? {} : parseFile(path);
  const given = Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
  const parsed = configurationSchema.safeParse(mergeSettings(written, given));
  if (parsed.success) return parsed.data;
  const from = path === undefined ? "the settings of brevis serve" : path;
  throw new BrevisError(
    "invalid-option",
    `Expected ${from} to be valid but received:\n${z.prettifyError(parsed.error)}`,
    {
      hint: "docs/serve.md lists every setting.",
    },
  );
}

function parseFile(path: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new BrevisError("input-not-found", `Expected a configuration in ${path} but it cannot be read.`, { cause });
  }
  let value: unknown;
  try {
    value = parse(text);
  } catch (cause) {
    throw new BrevisError("invalid-option", `Expected ${path} to be YAML: ${(cause as Error).message}`, { cause });
  }
  if (value === null) return {};
  if (typeof value === "object" && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new BrevisError("invalid-option", `Expected ${path} to be a mapping of settings but it is something else.`);
}

type Settings = Readonly<Record<string, unknown>>;

function mergeSettings(below: Settings, above: Settings): Settings {
  const merged: Record<string, unknown> = { ...below };
  for (const [name, value] of Object.entries(above)) {
    const known = merged[name];
    merged[name] = isMapping(known) && isMapping(value) ? mergeSettings(known, value) : value;
  }
  return merged;
}

function isMapping(value: unknown): value is Settings {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
