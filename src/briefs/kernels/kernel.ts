import { createHash } from "node:crypto";
import * as z from "zod";
import { type Meaning, readMeaning } from "../text/read-words.js";

/** What a kernel is. A rule obliges, a principle weighs, a definition says what something is, a pattern shows a form, a constraint bounds. */
export const kernelCategories = ["rule", "principle", "definition", "pattern", "constraint"] as const;
export type KernelCategory = (typeof kernelCategories)[number];

/** One atomic concept of a brief. */
export const kernelSchema = z.object({
  /** The category's letter and a hash of what the kernel says: the same in every run, whatever stands around the kernel. */
  id: z.string().regex(/^[rpdtc]-[0-9a-f]{8}(?:-\d+)?$/u),
  category: z.enum(kernelCategories),
  text: z.string().min(1),
});
export type Kernel = z.infer<typeof kernelSchema>;

const letters: Readonly<Record<KernelCategory, string>> = {
  rule: "r",
  principle: "p",
  definition: "d",
  pattern: "t",
  constraint: "c",
};

/** Makes a kernel; its id comes from what the text says, so articles, order of words and marks change nothing. */
export function createKernel(category: KernelCategory, text: string): Kernel {
  const digest = createHash("sha256").update(`${category}\n${keyOfMeaning(readMeaning(text), text)}`);
  return { id: `${letters[category]}-${digest.digest("hex").slice(0, 8)}`, category, text };
}

/** What tells a statement from others: its atoms, and its stems with what is said of each. The text itself where it has none. */
export function keyOfMeaning({ words, atoms }: Meaning, text: string): string {
  if (words.length === 0 && atoms.length === 0) return text;
  const said = words.map(({ stem, operators }) => `${operators.join("+")}:${stem}`);
  return [...new Set(said)]
    .sort()
    .concat([...new Set(atoms)].sort())
    .join("\n");
}
