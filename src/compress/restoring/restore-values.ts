import { AliasRestorer } from "./alias-restorer.js";

/** What restores a whole text, in a tool call: the aliases, and maybe what markers stand for. */
export type RestoreText = (text: string) => string | Promise<string>;

/** Restores the aliases of a legend in whole texts. */
export function restoreAliasesIn(legend: Readonly<Record<string, string>>): (text: string) => string {
  return (text) => {
    const restorer = new AliasRestorer(legend);
    return restorer.write(text) + restorer.end();
  };
}

/** JSON text with every string in it restored; the very text where nothing changes, and where it is no JSON. */
export async function restoreJsonText(text: string, restore: RestoreText): Promise<string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  const restored = await restoreValue(value, restore);
  return restored === value ? text : JSON.stringify(restored);
}

/** A copy of a value with every string in it restored, keys too; the very value where nothing changes. */
export async function restoreValue(value: unknown, restore: RestoreText): Promise<unknown> {
  if (typeof value === "string") return restore(value);
  if (typeof value !== "object" || value === null) return value;
  let isChanged = false;
  const restoreInner = async (inner: unknown) => {
    const restored = await restoreValue(inner, restore);
    isChanged ||= restored !== inner;
    return restored;
  };
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value) items.push(await restoreInner(item));
    return isChanged ? items : value;
  }
  const entries: [string, unknown][] = [];
  for (const [key, inner] of Object.entries(value)) {
    entries.push([(await restoreInner(key)) as string, await restoreInner(inner)]);
  }
  return isChanged ? Object.fromEntries(entries) : value;
}

/** A value somewhere in another; undefined where nothing is there. */
export function readAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<string | number, unknown> | undefined)?.[key], value);
}
