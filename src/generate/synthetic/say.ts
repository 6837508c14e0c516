/** How much a reader needs a stretch of text, once the unit around it stays. */
export const Need = {
  /** Courtesy, repetition, layout: stays only where room is left. */
  filler: 0,
  /** Goes first when room is short. */
  detail: 1,
  /** What the unit is about. */
  core: 2,
} as const;

/** A stretch of a unit's text. */
export interface Fragment {
  readonly text: string;
  readonly need: number;
}

/** What a template may hold: text that is needed as much as the text around it, or fragments with needs of their own. */
export type Piece = string | number | readonly Fragment[];

type FragmentTag = (strings: TemplateStringsArray, ...pieces: readonly Piece[]) => Fragment[];

/** Text that a unit is about: say`the ${service} ${detail`in ${region} `}failed`. */
export const say: FragmentTag = tagOf(Need.core);
/** Text that goes first when room is short. */
export const detail: FragmentTag = tagOf(Need.detail);
/** Text that stays only where room is left. */
export const drop: FragmentTag = tagOf(Need.filler);

function tagOf(need: number): FragmentTag {
  return (strings, ...pieces) => {
    const fragments: Fragment[] = [];
    strings.forEach((text, at) => {
      if (text !== "") fragments.push({ text, need });
      const piece = pieces[at];
      if (piece === undefined) return;
      if (typeof piece === "object") fragments.push(...piece);
      else if (piece !== "") fragments.push({ text: String(piece), need });
    });
    return fragments;
  };
}

/** How much the reader of a text needs one of its units. */
export const Rank = {
  /** Progress, rules, pleasantries. */
  noise: 0,
  ordinary: 1,
  important: 2,
  /** Failures, answers, decisions: stay at every rate. */
  evidence: 3,
} as const;

/** A line, record or sentence of a text that is being made, with the white space after it. */
export interface DraftUnit {
  readonly fragments: readonly Fragment[];
  readonly rank: number;
}

/** A unit that is a line. */
export function line(rank: number, fragments: readonly Fragment[]): DraftUnit {
  return { rank, fragments: [...fragments, { text: "\n", need: Need.core }] };
}

/** Lines of one rank. */
export function lines(rank: number, texts: readonly string[]): DraftUnit[] {
  return texts.map((text) => line(rank, [{ text, need: Need.core }]));
}

/** A unit that is a sentence within a paragraph. */
export function sentence(rank: number, fragments: readonly Fragment[]): DraftUnit {
  return { rank, fragments: [...fragments, { text: " ", need: Need.core }] };
}

/** Sentences as a paragraph: the last one ends the line and leaves a blank one. */
export function paragraph(sentences: readonly DraftUnit[]): DraftUnit[] {
  return sentences.map((unit, at) =>
    at < sentences.length - 1
      ? unit
      : { ...unit, fragments: [...unit.fragments.slice(0, -1), { text: "\n\n", need: Need.core }] },
  );
}
