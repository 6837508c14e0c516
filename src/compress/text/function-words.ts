import { wordSet } from "./word-set.js";

/** Function words of English: they carry grammar, rarely content. Negations and quantifiers are not among them. */
export const functionWords = wordSet(
  `a an the and or but so as than that this these those there here it its itself he him his himself she her hers
  herself they them their theirs themselves we us our ours ourselves you your yours yourself i me my mine myself one
  is are was were be been being am do does did done doing have has had having will would shall can could may might
  of in on at to for from by with about into onto over under between among through during against upon off out up
  down across along around behind beyond near toward towards via per which who whom whose what when where why how
  also just very quite rather really then thus hence therefore however moreover furthermore indeed still yet even
  some such same other another each own more most much many few several both either again already almost often
  once while because since although though whereas if it's that's i'm i've i'd i'll you're we're they're let's
  etc eg ie e.g i.e please`,
);
