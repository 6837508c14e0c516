/** A stretch of a text that was read as one thing, and the name under which it is compared. */
export interface Reading {
  readonly start: number;
  readonly end: number;
  readonly key: string;
}

/** Names of the months in nine languages, by number. */
const monthNames = [
  "january jan januar janvier enero janeiro gennaio января يناير",
  "february feb februar février febrero fevereiro febbraio февраля فبراير",
  "march mar märz mars marzo março марта مارس",
  "april apr avril abril aprile апреля أبريل",
  "may mai mayo maio maggio мая مايو",
  "june jun juni juin junio junho giugno июня يونيو",
  "july jul juli juillet julio julho luglio июля يوليو",
  "august aug août agosto августа أغسطس",
  "september sep sept septembre septiembre setembro settembre сентября سبتمبر",
  "october oct oktober octobre octubre outubro ottobre октября أكتوبر",
  "november nov novembre noviembre novembro ноября نوفمبر",
  "december dec dezember décembre diciembre dezembro dicembre декабря ديسمبر",
];
const months = new Map(
  monthNames.flatMap((names, index) => names.split(" ").map((name) => [name, index + 1] as const)),
);
// Words of other meanings stand for a month only beside a day or a year, or with a capital letter.
const month = `(?<month>${[...months.keys()].sort((a, b) => b.length - a.length).join("|")})`;
const edge = String.raw`(?<![\p{L}\p{N}])`;
const close = String.raw`(?![\p{L}\p{N}])`;

const forms: readonly RegExp[] = [
  /(?<!\d)(?<year>\d{4})-(?<monthNumber>\d{2})-(?<day>\d{2})(?!\d)/gu,
  /(?<!\d)(?<day>\d{1,2})\.(?<monthNumber>\d{1,2})\.(?<year>\d{4})(?!\d)/gu,
  /(?:(?<year>\d{4})[年년]\s?)?(?<monthNumber>\d{1,2})[月월]\s?(?<day>\d{1,2})[日일]/gu,
  new RegExp(
    `${edge}(?<day>\\d{1,2})(?:st|nd|rd|th|\\.)?\\s(?:of\\s|de\\s)?${month}(?:,?\\s(?:de\\s)?(?<year>\\d{4}))?${close}`,
    "giu",
  ),
  new RegExp(`${edge}${month}\\s(?<day>\\d{1,2})(?:st|nd|rd|th)?(?:,?\\s(?<year>\\d{4}))?${close}(?![:%])`, "giu"),
  new RegExp(`${edge}${month}\\s(?:de\\s)?(?<year>\\d{4})${close}`, "giu"),
  /(?<!\d)(?<time>\d{1,2}:\d{2}(?::\d{2})?)(?!\d)/gu,
];
const loneMonth = new RegExp(`${edge}${month}${close}`, "giu");

/** Dates, months and times of day in a text, in order, as `date:2024-03-14`, `date:-03-14` or `time:14:32`. */
export function readDates(text: string): Reading[] {
  const found: Reading[] = [];
  for (const form of [...forms, loneMonth]) {
    for (const match of text.matchAll(form)) {
      const start = match.index;
      const end = start + match[0].length;
      if (form === loneMonth && !/^\p{Lu}/u.test(match[0])) continue;
      if (found.some((other) => start < other.end && other.start < end)) continue;
      found.push({ start, end, key: nameDate(match.groups!) });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

function nameDate(groups: Record<string, string | undefined>): string {
  if (groups.time !== undefined) return `time:${groups.time.padStart(5, "0")}`;
  const number = groups.monthNumber ?? months.get(groups.month!.toLowerCase())!;
  const pad = (part: string | number | undefined) => (part === undefined ? "" : String(part).padStart(2, "0"));
  return `date:${groups.year ?? ""}-${pad(number)}-${pad(groups.day)}`;
}

/** Whether two dates agree in every part that both of them name. */
export function sameDate(a: string, b: string): boolean {
  if (!a.startsWith("date:") || !b.startsWith("date:")) return a === b;
  const left = a.slice(5).split("-");
  const right = b.slice(5).split("-");
  return left.every((part, index) => part === "" || right[index] === "" || part === right[index]);
}
