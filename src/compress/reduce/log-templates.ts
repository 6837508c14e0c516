const separators = /[\s=:,()[\]{}"';|]+/;
const digit = /\d/;

/**
 * The template of each line of a log: lines whose words are the same but for those with a digit in them share one.
 * One pass with a hash a line, in the manner of Drain (He et al., "Drain: An Online Log Parsing Approach with Fixed Depth
 * Tree", ICWS 2017), whose first preprocessing step this is; its merging of similar templates is left out, since a
 * template too many costs one more line, and one too few loses a kind of event.
 *
 * @returns for each line the number of its template, counted from 0 in order of appearance
 */
export function mineTemplates(lines: readonly string[]): Uint32Array {
  const numbers = new Map<string, number>();
  return Uint32Array.from(lines, (line) => {
    const key = templateOf(line);
    let number = numbers.get(key);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(key, number);
    }
    return number;
  });
}

/** A line with each run of words that have digits in them written as one `*`. */
function templateOf(line: string): string {
  let key = "";
  let inRun = false;
  for (const word of line.split(separators)) {
    const variable = digit.test(word);
    if (variable && inRun) continue;
    key += variable ? "* " : `${word} `;
    inRun = variable;
  }
  return key;
}
