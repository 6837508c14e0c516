const functionWords = new Set(
  (
    "a an the of to in on at by for from with as and or but is are was were be been being it its it's this that these those he she they " +
    "them his her their there here which who whom whose what when where why how if so than then do does did has have had will would can " +
    "could must should may might shall about into over also any i you we us our your my me not no nor too very just such each per while both " +
    "either neither according thus therefore hence yes up down out only own same during whereas though although instead plus via " +
    "let following described context text provided given shown mentioned document stated says because s t after before between against " +
    "vor ab bis über unter kann können durch " +
    "der die das den dem des ein eine einen einem einer und oder ist sind war wird werden im am zum zur von mit für auf bei sich es als nach " +
    "le la les un une des du de et ou est sont en au aux par pour avec dans que qui il elle ce se l d qu à doit " +
    "el los las una unos y o es son del al por para con que se lo su está " +
    "il lo gli uno e è di da dal dalle alle alla per con che si o os as um uma do dos das no na em ao às foi " +
    "и в на с по за из у о к что это как был была были для от из-за " +
    "の は が を に で と も や へ より て ます です した する される れ 的 了 在 是 和 到 也 但 与 및 는 은 이 가 을 를 에 의 في من على إلى أن يوم الساعة"
  ).split(" "),
);

/** Words that carry no fact of their own. */
export function isFunctionWord(word: string): boolean {
  return functionWords.has(word);
}

/** A plain stem: endings of English inflection go, and longer words of any language are cut to what inflection seldom reaches. */
export function stemOf(word: string): string {
  const lower = word.toLowerCase().replace(/['’]s$/u, "");
  if (!/^\p{Script=Latin}+$/u.test(lower)) return /^\p{Script=Cyrillic}{6,}$/u.test(lower) ? lower.slice(0, -2) : lower;
  const stem = cutEnding(lower);
  return stem.length > 9 ? stem.slice(0, 9) : stem;
}

function cutEnding(word: string): string {
  if (word.length <= 3) return word;
  const rules: readonly [ending: RegExp, replacement: string][] = [
    [/ies$/u, "y"],
    [/ied$/u, "y"],
    [/(?<=[sxz]|ch|sh)es$/u, ""],
    [/(?<=[^su])s$/u, ""],
    [/(?<=[aeiouy].*)(?<double>[bdgmnprt])\k<double>(?:ing|ed)$/u, "$<double>"],
    [/(?<=[aeiouy].*)(?:ing|ed)$/u, ""],
    [/(?<=[aeiouy].{2,})ly$/u, ""],
    [/(?<=[aeiouy].{2,})(?:ion|ment|ance|al)$/u, ""],
  ];
  let stem = word;
  for (const [ending, replacement] of rules) stem = stem.length > 3 ? stem.replace(ending, replacement) : stem;
  return stem.replace(/e$/u, "").replace(/i$/u, "y") || word;
}
