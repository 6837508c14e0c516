import { reduceWords } from "./prose/reduce-words.js";
import type { Reducer } from "./reduce-structure.js";

/** Prose in any script: a unit a word with the space after it; must-keep words are the floor. */
export const reduceProse: Reducer = (source, segment, context) => ({
  ...reduceWords(source, segment.start, segment.end, context),
  noun: "words",
  markerTokens: 0,
});
