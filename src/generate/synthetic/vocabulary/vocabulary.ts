import type { Dice } from "../dice.js";
import * as words from "./word-lists.js";

/** Makes names, places, times and amounts in the forms that tools write. Each call makes another one. */
export interface Vocabulary {
  verb(): string;
  noun(): string;
  qualifier(): string;
  /** `refreshStaleToken` */
  camel(): string;
  /** `stale_token_cache` */
  snake(): string;
  /** `StaleTokenCache` */
  pascal(): string;
  /** `token-gateway` */
  service(): string;
  /** `TokenExpiredError` */
  errorClass(): string;
  /** `src/services/token_cache.py` */
  path(extension: string): string;
  /** @param length hexadecimal digits */
  hash(length: number): string;
  version(): string;
  /** `2026-03-14` */
  date(): string;
  /** `14:05:09` */
  clock(): string;
  /** `2026-03-14T14:05:09.120Z` */
  timestamp(): string;
  person(): string;
  firstName(): string;
  email(): string;
  company(): string;
  city(): string;
  region(): string;
  address(): string;
  url(): string;
  uuid(): string;
  amount(): string;
  duration(): string;
  topic(): string;
  reason(): string;
  action(): string;
  /** Words that say nothing, at a sentence's start. */
  filler(): string;
  /** The same at its end. */
  closer(): string;
}

/** A vocabulary that draws from the dice. */
export function createVocabulary(dice: Dice): Vocabulary {
  const verb = () => dice.pick(words.verbs);
  const noun = () => dice.pick(words.nouns);
  const qualifier = () => dice.pick(words.qualifiers);
  const parts = () => (dice.chance(0.5) ? [qualifier(), noun()] : [noun(), noun()]);
  const two = (number: number) => String(number).padStart(2, "0");
  const date = () => `202${dice.integer(3, 6)}-${two(dice.integer(1, 12))}-${two(dice.integer(1, 28))}`;
  const clock = () => [23, 59, 59].map((most) => two(dice.integer(0, most))).join(":");
  const hash = (length: number) => Array.from({ length }, () => "0123456789abcdef"[dice.integer(0, 15)]).join("");
  const service = () => `${noun()}-${dice.pick(["gateway", "api", "worker", "service", "sync", "proxy", "store"])}`;
  const firstName = () => dice.pick(words.firstNames);
  const domain = () => `${dice.pick(words.companies).toLowerCase()}.example`;
  return {
    verb,
    noun,
    qualifier,
    camel: () => verb() + parts().map(capitalize).join(""),
    snake: () => [...(dice.chance(0.4) ? [verb()] : []), ...parts()].join("_"),
    pascal: () =>
      parts().map(capitalize).join("") + dice.pick(["", "Cache", "Client", "Store", "Handler", "Loader", "View"]),
    service,
    errorClass: () => `${capitalize(noun())}${dice.pick(words.faults)}${dice.pick(["Error", "Error", "Exception"])}`,
    path: (extension) =>
      [...dice.sample(words.folders, dice.integer(1, 3)), `${parts().join(dice.pick(["_", "-"]))}.${extension}`].join(
        "/",
      ),
    hash,
    version: () => `${dice.integer(0, 9)}.${dice.integer(0, 30)}.${dice.integer(0, 20)}`,
    date,
    clock,
    timestamp: () => `${date()}T${clock()}.${String(dice.integer(0, 999)).padStart(3, "0")}Z`,
    person: () => `${firstName()} ${dice.pick(words.lastNames)}`,
    firstName,
    email: () => `${firstName().toLowerCase()}@${domain()}`,
    company: () => dice.pick(words.companies),
    city: () => dice.pick(words.cities),
    region: () => dice.pick(words.regions),
    address: () => `10.${dice.integer(0, 255)}.${dice.integer(0, 255)}.${dice.integer(1, 254)}`,
    url: () => `https://${service()}.${domain()}/${noun()}s/${dice.integer(1, 99999)}`,
    uuid: () => [8, 4, 4, 4, 12].map(hash).join("-"),
    amount: () =>
      `${dice.pick(["$", "€", "£"])}${dice.integer(1, 990)},${String(dice.integer(0, 999)).padStart(3, "0")}`,
    duration: () => `${dice.integer(2, 900)} ${dice.pick(["ms", "seconds", "minutes", "hours", "days"])}`,
    topic: () => dice.pick(words.topics),
    reason: () => dice.pick(words.reasons),
    action: () => dice.pick(words.actions),
    filler: () =>
      dice.chance(0.4)
        ? dice.pick(words.fillers)
        : `As ${dice.pick(words.sayers)} ${dice.pick(words.sayings)} ${dice.pick(words.occasions)},`,
    closer: () => `${dice.pick(words.hedges)} ${dice.pick(words.closers)}`,
  };
}

function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
