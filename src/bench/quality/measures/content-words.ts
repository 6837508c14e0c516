const grammar = new Set(
  `a an the and or but if then else of in on at to for from by with without about as into onto over under between among
  through during is are was were be been being am do does did done doing have has had having will would shall should can
  could may might must it its it's he him his she her hers they them their theirs we us our ours you your yours i me my mine
  this that these those there here who whom whose which what when where why how not no nor so than too very just also such
  same other some any each every all both more most much many few own only again further once upon while because since
  although though however thus therefore hence e g i.e etc s t`.split(/\s+/),
);
const wordPattern = /[0-9]+(?:[.,:][0-9]+)+|[\p{L}\p{M}\p{N}_]+(?:['’][\p{L}\p{M}\p{N}_]+)*/gu;

/** Whether a lower-cased word is grammar rather than content. */
export function isGrammar(word: string): boolean {
  return grammar.has(word);
}

/** A word of a text, lower-cased, and where it stands, in UTF-16 code units. */
export interface WordPlace {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

/** The words of a text that carry content, as scripts/keep/measures counts them. */
export function findContentWords(text: string): WordPlace[] {
  const places: WordPlace[] = [];
  for (const { index, 0: exact } of text.matchAll(wordPattern)) {
    const word = exact.toLowerCase();
    if (word.length > 1 && !grammar.has(word)) places.push({ word, start: index, end: index + exact.length });
  }
  return places;
}

/** How often each content word stands in a text. */
export function countContentWords(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { word } of findContentWords(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** How many of a writer's content words a compressed text has, and how many there are. */
export function countSharedWords(written: string, compressed: string): [found: number, wanted: number] {
  const there = countContentWords(compressed);
  let found = 0;
  let wanted = 0;
  for (const [word, count] of countContentWords(written)) {
    found += Math.min(count, there.get(word) ?? 0);
    wanted += count;
  }
  return [found, wanted];
}
