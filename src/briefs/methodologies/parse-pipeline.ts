import * as z from "zod";
import { BrevisError } from "../../errors.js";
import type { Methodology } from "./methodology.js";

/** Passes, one after the other; each does all its methodologies at once. */
export type Pipeline = readonly (readonly Methodology[])[];

const passesSchema = z.array(z.array(z.string()).min(1)).min(1).max(8);

/**
 * Reads a pipeline as it is written on a command line: JSON, or the same without quotes. `[[kernelize],[telegraphic]]` has two passes,
 * `[sitrep,telegraphic]` one.
 *
 * @throws {BrevisError} `invalid-option` for another form, a methodology that is not there, or one that has to stand by itself
 */
export function parsePipeline(text: string, methodologies: ReadonlyMap<string, Methodology>): Pipeline {
  const passes = readPasses(text).map((names) => names.map((name) => findMethodology(name, methodologies)));
  for (const pass of passes) checkPass(pass);
  return passes;
}

/** The names in a pipeline, as `parsePipeline` reads them. */
export function namesOfPipeline(pipeline: Pipeline): string[][] {
  return pipeline.map((pass) => pass.map(({ name }) => name));
}

function readPasses(text: string): string[][] {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/"?([A-Za-z][\w-]*)"?/gu, '"$1"'));
  } catch {
    throw malformed(text);
  }
  const nested =
    Array.isArray(value) && value.length > 0 && value.every((entry) => typeof entry === "string") ? [value] : value;
  const passes = passesSchema.safeParse(nested);
  if (!passes.success) throw malformed(text);
  return passes.data;
}

function findMethodology(name: string, methodologies: ReadonlyMap<string, Methodology>): Methodology {
  const found = methodologies.get(name);
  if (found !== undefined) return found;
  throw new BrevisError("invalid-option", `Expected a methodology in --pipeline but received "${name}".`, {
    hint: `There are: ${[...methodologies.keys()].join(", ")}.`,
  });
}

function checkPass(pass: readonly Methodology[]): void {
  const names = pass.map(({ name }) => name);
  const local = pass.find(({ kind }) => kind === "local");
  if (local !== undefined && pass.length > 1) {
    throw new BrevisError(
      "invalid-option",
      `Expected ${local.name} in a pass by itself but received [${names.join(", ")}].`,
      {
        hint: `Give it a pass of its own: [[${local.name}],[${names.filter((name) => name !== local.name).join(",")}]].`,
      },
    );
  }
  if (pass.every(({ kind }) => kind === "inject")) {
    throw new BrevisError(
      "invalid-option",
      `Expected a methodology beside ${names.join(", ")}, which only adds to others' prompts.`,
      {
        hint: `Name both in one pass: [[sitrep-aggressive,${names[0]}]].`,
      },
    );
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new BrevisError("invalid-option", `Expected each methodology once in a pass but received ${twice} twice.`);
  }
}

function malformed(text: string): BrevisError {
  return new BrevisError("invalid-option", `Expected lists of methodologies in --pipeline but received ${text}.`, {
    hint: "Write it as [[kernelize],[sitrep-aggressive],[telegraphic]]: up to 8 passes, each with at least one methodology.",
  });
}
