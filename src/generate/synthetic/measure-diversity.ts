/** How little the texts of a set repeat one another. */
export interface Diversity {
  readonly texts: number;
  /** Different lines over lines, numbers and identifiers masked: 1 where every line has a form of its own. */
  readonly lineForms: number;
  /** Different runs of four words over runs. */
  readonly wordRuns: number;
}

/** Measures a set of texts. */
export function measureDiversity(texts: readonly string[]): Diversity {
  const forms = new Set<string>();
  const runs = new Set<string>();
  let lineCount = 0;
  let runCount = 0;
  for (const text of texts) {
    for (const line of text.split("\n")) {
      if (line.trim() === "") continue;
      lineCount++;
      forms.add(formOf(line));
    }
    const words = text.match(/\S+/g) ?? [];
    for (let at = 0; at + 4 <= words.length; at++, runCount++) runs.add(words.slice(at, at + 4).join(" "));
  }
  return { texts: texts.length, lineForms: share(forms.size, lineCount), wordRuns: share(runs.size, runCount) };
}

function formOf(line: string): string {
  return line.replace(/[\w./:-]*(?:[\d_./:-]|[a-z][A-Z])[\w./:-]*/g, "#").trim();
}

function share(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}
