import type { Dice } from "../dice.js";
import { type DraftUnit, detail, drop, type Fragment, Rank, say, sentence } from "../say.js";
import type { Vocabulary } from "../vocabulary/vocabulary.js";

/** Courtesy before a statement, or nothing. */
function opening(dice: Dice, v: Vocabulary): readonly Fragment[] {
  return dice.chance(0.55) ? drop`${v.filler()} ` : [];
}

/** Emptiness after a statement, or nothing. */
function closing(dice: Dice, v: Vocabulary): readonly Fragment[] {
  return dice.chance(0.5) ? drop`, ${v.closer()}` : [];
}

/** When something is, in the words of a letter. */
function when(dice: Dice, v: Vocabulary): string {
  const day = dice.pick(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]);
  return dice.pick([
    `by ${day}`,
    `on ${v.date()}`,
    `in ${dice.integer(2, 12)} weeks`,
    `before ${day} noon`,
    `next ${day}`,
  ]);
}

/** A sentence that reports, decides or asks: what it is about stays, how it is wrapped does not. */
export function writeFact(dice: Dice, v: Vocabulary): DraftUnit {
  const forms: readonly (() => Fragment[])[] = [
    () =>
      say`${opening(dice, v)}${v.topic()} ${drop`is something that `}was moved to ${v.date()}${detail` because ${v.reason()}`}${closing(dice, v)}.`,
    () =>
      say`${opening(dice, v)}${v.person()} ${drop`very kindly `}agreed to ${v.action()} ${when(dice, v)}${closing(dice, v)}.`,
    () =>
      say`${opening(dice, v)}${v.company()} ${drop`has now officially `}offered ${v.amount()} for ${v.topic()}${detail`, up from ${v.amount()}`}${closing(dice, v)}.`,
    () =>
      say`${opening(dice, v)}we do not ${v.verb()} the ${v.qualifier()} ${v.noun()}s ${drop`any more `}${detail`since ${v.reason()}`}${closing(dice, v)}.`,
    () =>
      say`${opening(dice, v)}${v.topic()} ${drop`went ahead and `}cost ${dice.integer(2, 90)}% more than planned${detail`, as ${v.reason()}`}${closing(dice, v)}.`,
    () =>
      say`${opening(dice, v)}the ${v.noun()} in ${v.city()} ${drop`turned out to `}need ${dice.integer(2, 400)} more ${v.noun()}s ${when(dice, v)}${closing(dice, v)}.`,
    () =>
      say`${opening(dice, v)}unless ${v.firstName()} answers ${when(dice, v)}, we ${v.action()} ${detail`without ${v.company()} `}${drop`and hope for the best`}${closing(dice, v)}.`,
    () =>
      say`${opening(dice, v)}${v.reason()}, so ${v.topic()} ${drop`will unfortunately have to `}wait ${dice.integer(2, 40)} days${closing(dice, v)}.`,
    () =>
      say`${opening(dice, v)}could ${v.firstName()} ${drop`perhaps be so kind as to `}${v.action()} ${when(dice, v)}${detail` and tell ${v.firstName()}`}?`,
    () =>
      say`${opening(dice, v)}at ${v.clock()} ${v.service()} ${drop`suddenly `}had ${dice.integer(3, 9000)} ${v.qualifier()} ${v.noun()}s${detail` in ${v.region()}`}${closing(dice, v)}.`,
    () =>
      say`${opening(dice, v)}only ${dice.integer(2, 90)} of ${dice.integer(91, 900)} ${v.noun()}s were ${v.qualifier()}${detail`; ${v.firstName()} had expected ${dice.integer(2, 90)}`}${closing(dice, v)}.`,
    () =>
      say`${opening(dice, v)}${v.city()} and ${v.city()} ${drop`were both asked and `}chose different ${v.noun()}s${detail`: ${v.qualifier()} against ${v.qualifier()}`}${closing(dice, v)}.`,
  ];
  return sentence(dice.chance(0.4) ? Rank.important : Rank.ordinary, begin(dice.pick(forms)()));
}

/** A sentence without content. */
export function writeCourtesy(dice: Dice, v: Vocabulary): DraftUnit {
  const forms: readonly (() => Fragment[])[] = [
    () => drop`${v.filler()} it has been quite a busy week for all of us, ${v.closer()}.`,
    () => drop`Many thanks to everyone who took the time to read this far, it is much appreciated.`,
    () => drop`${v.filler()} there is not much more to add to this, ${v.closer()}.`,
    () => drop`I hope that this finds you well and that you had a pleasant and restful weekend.`,
    () => drop`Please do not hesitate to get in touch if anything at all should be unclear.`,
    () => drop`${v.filler()} opinions differ on this, and that is perfectly fine, ${v.closer()}.`,
    () => drop`Let me start by saying how much all of this work is valued by everybody here.`,
    () => drop`${v.filler()} we will see how it goes and take it from there, ${v.closer()}.`,
  ];
  return sentence(Rank.noise, begin(dice.pick(forms)()));
}

/** Facts with courtesies between them. */
export function writeSentences(dice: Dice, v: Vocabulary, least: number, most: number): DraftUnit[] {
  return dice.several(least, most, () => (dice.chance(0.3) ? writeCourtesy(dice, v) : writeFact(dice, v)));
}

/** A capital at the start. */
function begin(fragments: readonly Fragment[]): Fragment[] {
  return fragments.map((fragment, at) =>
    at === 0 ? { ...fragment, text: fragment.text.charAt(0).toUpperCase() + fragment.text.slice(1) } : fragment,
  );
}
