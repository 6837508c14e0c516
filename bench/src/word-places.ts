/** A word of a text and where it stands, in UTF-16 code units. */
export interface WordPlace {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

const grammar = new Set(
  `a an the and or but if then else of in on at to for from by with without about as into onto over under between among
  through during is are was were be been being am do does did done doing have has had having will would shall should can
  could may might must it its it's he him his she her hers they them their theirs we us our ours you your yours i me my mine
  this that these those there here who whom whose which what when where why how not no nor so than too very just also such
  same other some any each every all both more most much many few own only again further once upon while because since
  although though however thus therefore hence e g i.e etc s t`.split(/\s+/),
);
const wordPattern = /[0-9]+(?:[.,:][0-9]+)+|[\p{L}\p{M}\p{N}_]+(?:['’][\p{L}\p{M}\p{N}_]+)*/gu;

/** The words of a text that carry content, in lower case, as scripts/keep/measures counts them. */
export function contentWords(text: string): string[] {
  return Array.from(text.matchAll(wordPattern), ([word]) => word.toLowerCase()).filter(
    (word) => word.length > 1 && !grammar.has(word),
  );
}

/** Words given by code points, as Python counts, as places in the string. */
export function readWordPlaces(text: string, words: readonly (readonly [number, number])[]): WordPlace[] {
  const offsets: number[] = [];
  let at = 0;
  for (const character of text) {
    offsets.push(at);
    at += character.length;
  }
  offsets.push(at);
  return words.map(([first, last]) => {
    const [start, end] = [offsets[first]!, offsets[last]!];
    return { word: text.slice(start, end), start, end };
  });
}

/**
 * The benchmark's own reading of must-keep words, written apart from the library's: what stands between white space and has a digit, a
 * slash, an underscore, an inner capital, or nothing but capitals, without the punctuation around it.
 */
export function findMustKeepWords(text: string): WordPlace[] {
  const places: WordPlace[] = [];
  for (const { index, 0: run } of text.matchAll(/[^\s,;()[\]{}"'`<>|]+/gu)) {
    const word = run.replace(/[.:!?]+$/u, "");
    if (!/[\d/_]|\p{Ll}\p{Lu}|^\p{Lu}{2,}$/u.test(word) || !/[\p{L}\p{N}]/u.test(word)) continue;
    places.push({ word, start: index, end: index + word.length });
  }
  return places;
}
