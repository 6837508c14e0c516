import { jsxShape, languageShapes, otherShapes } from "./language-shapes.js";
import type { LineView } from "./read-lines.js";

/** Lines that are looked at: a language shows early. */
const sampleSize = 300;
const leastVotes = 2;

/** The programming language of lines of code, or undefined for one that is not known, or cannot be told. */
export function identifyLanguage(lines: readonly LineView[]): string | undefined {
  const sample = lines.filter(({ neutral }) => !neutral).slice(0, sampleSize);
  const votes = Object.entries(languageShapes).map(([language, shapes]) => [language, count(sample, shapes)] as const);
  const byVotes = new Map(votes);
  const scripts = Math.max(byVotes.get("typescript")!, byVotes.get("javascript")!);
  const [language, most] = votes.reduce((best, next) => (next[1] > best[1] ? next : best));
  if (most < leastVotes || count(sample, otherShapes) > most) return undefined;
  if (language === "c" || language === "cpp") {
    return sample.some(({ text }) => languageShapes.cpp!.slice(0, 1).some(([shape]) => shape.test(text)))
      ? "cpp"
      : language;
  }
  if (scripts < most) return language;
  return nameScript(sample, byVotes);
}

/** TypeScript where types are written, tsx where elements are too, else JavaScript, whose grammar knows elements. */
function nameScript(sample: readonly LineView[], votes: ReadonlyMap<string, number>): string {
  const typed = count(sample, languageShapes.typescript!.slice(0, 5));
  const elements = sample.filter(({ text }) => jsxShape.test(text)).length;
  const commonJs = count(sample, languageShapes.javascript!.slice(0, 1));
  if (commonJs > typed) return "javascript";
  if (elements >= 2) return typed > 0 || commonJs === 0 ? "tsx" : "javascript";
  return typed >= 2 && typed >= votes.get("javascript")! * 0.1 ? "typescript" : "javascript";
}

function count(sample: readonly LineView[], shapes: readonly (readonly [RegExp, number])[]): number {
  let votes = 0;
  for (const { text } of sample) for (const [shape, weight] of shapes) if (shape.test(text)) votes += weight;
  return votes;
}
