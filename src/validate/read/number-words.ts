const small =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const tens = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
const german = "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf".split(" ");

const values = new Map<string, number>();
for (const [value, word] of small.entries()) values.set(word, value);
for (const [index, word] of tens.entries()) {
  values.set(word, 20 + 10 * index);
  for (let digit = 1; digit < 10; digit++) values.set(`${word}-${small[digit]}`, 20 + 10 * index + digit);
}
// `ein` is an article more often than a number.
for (const [value, word] of german.entries()) if (value > 1) values.set(word, value);

/** The value of a number that is written as one word (`twelve`, `twenty-four`). */
export function valueOfNumberWord(word: string): number | undefined {
  return values.get(word.toLowerCase());
}

const multipliers: Readonly<Record<string, number>> = {
  thousand: 1e3,
  tausend: 1e3,
  mil: 1e3,
  k: 1e3,
  万: 1e4,
  million: 1e6,
  millions: 1e6,
  millionen: 1e6,
  millones: 1e6,
  milhões: 1e6,
  m: 1e6,
  mn: 1e6,
  亿: 1e8,
  億: 1e8,
  billion: 1e9,
  billions: 1e9,
  bn: 1e9,
};

/** What a word after a number multiplies it by. The single letters `m` and `k` do so only in amounts of money. */
export function multiplierOf(word: string, isMoney: boolean): number | undefined {
  const key = word.toLowerCase();
  if ((key === "m" || key === "k") && !isMoney) return undefined;
  return Object.hasOwn(multipliers, key) ? multipliers[key] : undefined;
}
