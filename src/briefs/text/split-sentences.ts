const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });

/** After these a full stop ends no sentence. */
const openEnd = /(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|no|fig|sec|dr|mr|ms|st|incl|resp|a\.k\.a)\.|\(|…)\s*$/iu;

/** The sentences of a paragraph, trimmed. Code spans and brackets are never cut. */
export function splitSentences(paragraph: string): string[] {
  const sentences: string[] = [];
  let open = "";
  for (const { segment } of segmenter.segment(paragraph)) {
    open += segment;
    if (openEnd.test(open) || !isClosed(open)) continue;
    if (open.trim() !== "") sentences.push(open.trim());
    open = "";
  }
  if (open.trim() !== "") sentences.push(open.trim());
  return sentences.flatMap(splitStatements);
}

/** Backticks in pairs, brackets closed. */
function isClosed(text: string): boolean {
  let ticks = 0;
  let depth = 0;
  for (const character of text) {
    if (character === "`") ticks++;
    else if (ticks % 2 === 0 && character === "(") depth++;
    else if (ticks % 2 === 0 && character === ")") depth--;
  }
  // A bracket that stays open for long was never meant to close.
  return text.length > 600 || (ticks % 2 === 0 && depth <= 0);
}

/** Semicolons part statements where no bracket or code is open. */
function splitStatements(sentence: string): string[] {
  const parts: string[] = [];
  let open = "";
  for (const piece of sentence.split(/(?<=;)\s+/u)) {
    open = open === "" ? piece : `${open} ${piece}`;
    if (!open.endsWith(";") || !isClosed(open)) continue;
    parts.push(open.replace(/;$/u, ""));
    open = "";
  }
  if (open !== "") parts.push(open);
  return parts;
}
