import { crc32 } from "node:zlib";
import { classifyContent } from "../../../compress/classify/classify-content.js";
import { type CompressContext, createContext } from "../../../compress/context.js";
import type { ReducedSegment } from "../../../compress/draft.js";
import { normalizeOptions } from "../../../compress/options/normalize-options.js";
import { reduceStructure } from "../../../compress/reduce/reduce-structure.js";
import { writeSegments } from "../../../compress/render/write-segments.js";
import { scoreByCounts, scoreLines } from "../../../compress/score/score-lines.js";
import { lineKindOf, wordCostExponent } from "../../../compress/score/score-units.js";
import { scoreByInformation, scoreWords } from "../../../compress/score/score-words.js";
import { selectUnits } from "../../../compress/select/select-units.js";
import { joinTexts } from "../../../compress/text/join-texts.js";
import type { Contender } from "./contender.js";

type Score = (source: string, segment: ReducedSegment, rate: number) => Float32Array;

/** The linear model's scores alone: no floor, no order by structure, no guard. */
export const chooseByWeights = chooseFreely("linear scorer alone", (source, { units, noun, kind }, rate) =>
  noun === "words"
    ? scoreWords(source, units, rate).salience
    : scoreLines(source, withoutFloor(units), lineKindOf(kind)).salience,
);

/** Self-information of words and rarity of lines alone. */
export const chooseByCounts = chooseFreely("statistical scorer alone", (source, { units, noun }) =>
  noun === "words" ? scoreByInformation(source, units) : scoreByCounts(source, withoutFloor(units)),
);

/** Units at random, the same ones in every run. */
export const chooseAtRandom = chooseFreely("random", (source, { units, start }) => {
  let state = (crc32(source) ^ (start + 1)) >>> 0 || 1;
  return Float32Array.from(units, () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  });
});

/** Chooses among the same units as `compress()`, by a score for each and its cost alone. */
function chooseFreely(name: string, score: Score): Contender {
  return {
    name,
    async compress({ text }, rate) {
      const context = await createContext(normalizeOptions({ rate }), text);
      const segments = await reduceStructure(text, classifyContent(text, context), context);
      const scored = segments.map((segment) => {
        const units = withoutFloor(segment.units);
        const costs = segment.noun === "words" ? { costExponent: wordCostExponent(text, segment) } : {};
        return { ...segment, ...costs, units, salience: score(text, segment, rate), relevance: 0 };
      });
      const written = (selection: Parameters<typeof writeSegments>[1]) => writeSegments(text, selection, undefined);
      const given = context.counter.count(text);
      const measure = (selection: Parameters<typeof writeSegments>[1]) => countJoined(written(selection), context);
      const chosen = written(selectUnits(scored, Math.floor(rate * given), measure));
      const output = joinTexts(chosen);
      return {
        text: output,
        given,
        kept: context.counter.count(output),
        omitted: chosen.flatMap(({ omitted }) => omitted),
      };
    },
  };
}

function countJoined(written: ReturnType<typeof writeSegments>, { counter }: CompressContext): number {
  return counter.count(joinTexts(written));
}

/** The same units, none of which has to stay or comes before another. */
function withoutFloor(units: ReducedSegment["units"]): ReducedSegment["units"] {
  return units.map((unit) => ({ ...unit, floor: false, parent: -1, priority: 0 }));
}
