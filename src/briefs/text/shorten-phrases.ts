/** Long ways of saying a short thing. Obligation, denial and permission stay what they are. */
const phrases: readonly (readonly [long: RegExp, short: string])[] = [
  [
    /\b(?:it is|it's) (?:very |extremely )?(?:important|essential|crucial|vital|worth|good|best) (?:to note |noting )?(?:that |to )/giu,
    "",
  ],
  [/\b(?:please )?(?:note|keep in mind|be aware|bear in mind)(?: also)? that /giu, ""],
  [/\bin order (?=to\b)/giu, ""],
  [/\b(?:do not|don['’]t|does not|doesn['’]t) (?:have|need) to\b/giu, "needn't"],
  [/\bneed not\b/giu, "needn't"],
  // Behind another word of obligation or permission it is no word of obligation itself: `may have to`.
  [
    /(?<!\b(?:not|never|may|might|will|would|could|can|should|to|only|always|also|usually|often|still)\s|n['’]t\s)\b(?:have|has|need|needs) to\b/giu,
    "must",
  ],
  [/\bwill be\b/giu, "is"],
  [/\b(?:as well|at all|any ?more|in fact)(?=[\s,.;:!?)]|$)/giu, ""],
  [/\bwho (?:is|are)\b/giu, "who"],
  [/\b(?:all|each|every one) of the\b/giu, "all"],
  [/\b(?:make|making) sure (?:that |to )?/giu, "ensure "],
  [/\bbe sure (?:that |to )/giu, "ensure "],
  [/\bensure that /giu, "ensure "],
  [/\b(verify|check|confirm|assume|assert|means|indicates|guarantees?|expects?|requires?) that /giu, "$1 "],
  [/\b(?:as well as|along with|together with)\b/giu, "and"],
  [/\bdue to the fact that\b/giu, "because"],
  [/\bin the (?:event|case) (?:that|of)\b/giu, "if"],
  [/\bprior to\b/giu, "before"],
  [/\bsubsequent to\b/giu, "after"],
  [/\b(?:a (?:large |small )?(?:number|variety|set|couple) of)\b/giu, "several"],
  [/\b(?:with (?:respect|regard) to|in terms of|regarding)\b/giu, "about"],
  [/\b(?:at this point in time|at the moment)\b/giu, "now"],
  [/\b(?:has|have) the ability to\b/giu, "can"],
  [/\b(?:is|are) able to\b/giu, "can"],
  [/\bin such a way that\b/giu, "so"],
  [/\bwhether or not\b/giu, "whether"],
  [/\bthe (?:fact|way) that\b/giu, ""],
  [/\b(?:there (?:is|are)|there's)\b/giu, ""],
  [/\b(?:is|are) located in\b/giu, "in"],
  [/\b(?:is|are) responsible for\b/giu, "handles"],
  [/\b(?:is|are) used (?:to|for)\b/giu, "for"],
  [/\bwhich (?:is|are)\b/giu, ""],
  [/\bthat (?:is|are)\b/giu, ""],
  [/\b(?:has|have) been\b/giu, ""],
  [
    /\b(?:as a (?:general )?rule(?: of thumb)?|whenever (?:it is )?possible|wherever (?:it is )?possible|if at all possible),?\s/giu,
    "",
  ],
  [/\b(?:practically|in principle|in general|as far as possible),?\s/giu, ""],
  [/\bmake use of\b/giu, "use"],
  [/\btake into account\b/giu, "consider"],
  [/\bas (?:soon|long) as possible\b/giu, "early"],
  [/\bif you (?:want|wish|need|would like) to\b/giu, "to"],
];

/** Says the same with shorter phrases. Code must not be in the text. */
export function shortenPhrases(text: string): string {
  let short = text;
  for (const [long, replacement] of phrases) short = short.replace(long, replacement);
  return short;
}
