import { stemOf } from "./stem-words.js";

/**
 * What the comparison of facts knows of words: which mean the same, which are opposites, and which deny, limit or hedge.
 * Entries are stems as `stemOf` gives them for English; other languages have their particles of negation here and nothing else.
 */

/** Words of one meaning, a group a line; the first names it. */
const synonymGroups = `
increase rise rose risen grow grew grown raise climb gain
decrease fall fell fallen drop reduce reduc lower decline shrink went-down fewer
approve accept pass adopt agree
reject refuse decline-to deny denied turn-down
postpone defer delay put-off
buy bought purchase acquire acquir
sell sold
begin start began begun commence launch
end finish stop complete
last final finally
fast quick beat outperform
slow
large big
high above higher
low below lower
more
less younger
old oldest
uphold upheld confirm
overturn overturned reverse
win won winner
lose lost loss
allow permit can may able possible fine
forbid forbidden prohibit ban
enable
disable
open
close closed shut
include contain
exclude
need require
fix resolve remedy repair solve
cause
reason due because
fail failure broke crash
work usable
delete remove
create make made
send sent
give gave given
take took taken takes
tell told say said state
show see
find found
keep kept
use uses used
hit reach affect
get receive
limit cap maximum max
most mainly mostly
common frequent
live occur habitat found-in
eat feed diet
whole full entire
part partial
before prior earlier
after afterwards later
first
run ran execute
write wrote author writer written
lead led leader head
own owner
country nation
company firm
customer client
error fault
height altitude elevation
voucher coupon
request
reserve only solely exclusively sole
change modify alter
build built
hold held
go went
pay paid payment
cost price
result outcome
same equal
different differ
certain sure
uncertain unsure unclear
answer reply respond
store save
user person people
void invalid
promise
unlimited
sign signature
force effect
move travel flow
sit situated lie located
`;

/** Opposites: either of a pair asserts what the other denies. */
const antonymPairs = `
increase decrease, approve reject, buy sell, begin end, fast slow, large small, high low, more less, uphold overturn, win lose,
allow forbid, enable disable, open close, include exclude, whole part, before after, most least, fix break, create delete,
keep lose, same different, certain uncertain, always never, public private, internal external, valid invalid, success fail,
minimum limit, safe dangerous, true false, hot cold, east west, north south, eastern western, northern southern, left right,
old new, first last, upgrade downgrade, pass fail, permanent temporary, required optional, synchronous asynchronous,
over under, with without, and or, can must, may must, might must, up down, on off, inside outside, upper lower,
ab bis, vor nach, mit ohne, über unter, antes después, avant après, avec sans
`;

const groups = new Map<string, string>();
for (const line of synonymGroups.trim().split("\n")) {
  const words = line.split(" ");
  const name = stemOf(words[0]!);
  for (const stem of words.map(stemOf)) if (!groups.has(stem)) groups.set(stem, name);
}

/** The concept that a stem stands for: the first word of its group, else the stem itself. */
export function conceptOf(stem: string): string {
  return groups.get(stem) ?? stem;
}

const opposites = new Map<string, Set<string>>();
for (const pair of antonymPairs.replaceAll("\n", " ").split(",")) {
  const [a, b] = pair
    .trim()
    .split(" ")
    .map((word) => conceptOf(stemOf(word))) as [string, string];
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    opposites.set(from, (opposites.get(from) ?? new Set()).add(to));
  }
}

export function areOpposites(a: string, b: string): boolean {
  return opposites.get(a)?.has(b) ?? false;
}

/** Words that deny what follows them. Contractions (`isn't`, `can't`) count by their ending. */
const negations = new Set(
  (
    "not no never without none nobody neither nor cannot lack lacks lacking nowhere nothing hardly missing absent avoid avoids excluded " +
    "nicht kein keine keinen keiner keines keinem nie niemals ohne nein " +
    "ne pas jamais aucun aucune sans non ni no nunca sin jamás ningún ninguna tampoco senza mai não nem sem nessun 没有 未 不 无 無 没 nessuna " +
    "не нет без ни никогда لا لن لم ليس بدون بلا"
  ).split(" "),
);

export function isNegation(word: string): boolean {
  return negations.has(word) || /n['’]t$|^n['’]/u.test(word);
}

/** Endings and characters of languages that deny inside a word. */
export const inwardNegation = /ない|ません|なし|なく|不(?!同)|無|没|未|无|없|않|아니/gu;
/** Words that deny and may carry a conjunction at their head. */
export const inwardParticle = /^و?(?:لن|لم|ليس)$/u;

/** Limits and modes of a claim, each with the words that express it. */
const markers: readonly [name: string, pattern: RegExp][] = [
  ["minimum", /\b(?:at least|minimum|no fewer than|no less than|or more|mindestens|au moins|al menos)\b/giu],
  [
    "maximum",
    /\b(?:at most|maximum|no more than|up to|(?<!or )maximal|not exceed|within|höchstens|au plus|como máximo|hasta)\b/giu,
  ],
  [
    "only",
    /\b(?:only(?! (?:after|when|then|if|once))|exclusively|solely|reserved|nur|seulement|solo|sólo|somente)\b/giu,
  ],
  ["all", /\b(?:all|every|each|everyone|any)\b/giu],
  ["some", /\b(?:some|several|certain of)\b/giu],
  ["both", /\bboth\b/giu],
  ["neither", /\b(?:neither|can't do either|cannot do either|not either)\b/giu],
  ["except", /\b(?:unless|except|anyone but|other than|apart from|außer|ausnahme|sauf|excepto|salvo)\b/giu],
  ["must", /\b(?:must|have to|has to|need to|required|mandatory)\b/giu],
  [
    "hedge",
    /\b(?:might|maybe|perhaps|probably|possibly|likely|unclear|uncertain|not certain|not sure|unsure|isn't sure|isn't certain|cannot tell|may be possible|seems|vielleicht|wahrscheinlich|peut-être|quizás|talvez)\b/giu,
  ],
  ["optional", /\b(?:optional|ideally)\b/giu],
  ["still", /\b(?:no longer|anymore|any more)\b/giu],
];

/** How often each limit or mode stands in a text. */
export function countMarkers(text: string): Map<string, number> {
  return new Map(markers.map(([name, pattern]) => [name, text.match(pattern)?.length ?? 0]));
}

/** Words of possibility: beside one of them a hedge in the other text is none. */
export const possibility = /\b(?:may|might|could|can|possible|possibly|kann|peut|puede)\b/iu;

/** A text that says that it does not know: no fact, and equivalent only to another such text. */
export const refusal =
  /\b(?:(?:does|do|did)(?: not|n't) (?:say|mention|state|specify|contain|provide|include|tell)|(?:(?:is|are|was) not|isn't|aren't|wasn't) (?:stated|mentioned|specified|provided|given)|^not (?:stated|mentioned|specified|given)|no (?:information|mention)|never (?:says|mentions|states)|(?:cannot|can't|can not|unable to) (?:answer|determine|say|tell)|impossible to say|unknown from)\b/iu;
