import { functionWords } from "../text/function-words.js";
import { wordSet } from "../text/word-set.js";

/**
 * Words that change what a sentence says: conditions, obligations, quantities and order. Writers who shorten a text do
 * not always mind their loss; readers do.
 */
export const meaningChangers = wordSet(
  `must should need only except unless if before after until all any every always not no never without none nor neither
  cannot least most fewer instead rather otherwise both either first last`,
);

/** Words that are common and still mean something. */
const contentWords = wordSet(
  `less second third next final one two three four five six seven eight nine ten
  hundred thousand million billion half double increase decrease increased decreased higher lower greater against under
  above below during since than despite although because therefore due allows requires includes including
  based used using called known named became began found made new old early late main major important large small high
  low many part end time year years people number name world state city country war list set given example`,
);

/** Words of programs, and of what is written about them. */
const codeWords = wordSet(
  `def class function return import from const let var self this if else elif for while in not none null true false new
  try except catch raise throw throws async await yield with as public private static void int str string bool float
  list dict set tuple array map object type types interface enum struct impl fn pub use mod func package args kwargs
  param params returns default value values key keys name data result item items index error test assert print log
  union optional any len range callable export extends implements super`,
);

/** The words that have a weight of their own in the word scorer. */
export const lexicon: readonly string[] = [
  ...new Set([...functionWords, ...meaningChangers, ...contentWords, ...codeWords]),
].sort();
