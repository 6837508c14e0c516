import { imperativeVerbs } from "./word-lists.js";

/** Whether a statement begins with an instruction, after a term, a condition or an adverb: `Testing: run…`, `When X, run…`, `Always run…`. */
export function startsImperative(text: string): boolean {
  const bare = text.replace(/^[^\p{L}`]+/u, "");
  if (beginsWithVerb(bare)) return true;
  const afterTerm =
    /^(?:`[^`]+`|[^:.`]{1,60}):\s+(.+)$/u.exec(bare)?.[1] ?? /^[^—–]{1,60}\s[—–]\s(.+)$/u.exec(bare)?.[1];
  if (afterTerm !== undefined && beginsWithVerb(afterTerm)) return true;
  const afterCondition =
    /^(?:if|when|before|after|for|in|once|while|unless|where|to|whenever|on|by|with|as)\b[^,]{1,120},\s+(.+)$/iu.exec(
      bare,
    )?.[1];
  return afterCondition !== undefined && beginsWithVerb(afterCondition.replace(/^then /iu, ""));
}

function beginsWithVerb(text: string): boolean {
  const [first = "", second = ""] = text
    .toLowerCase()
    .replaceAll("’", "'")
    .split(/[\s,]+/u);
  if (
    /^(?:please|always|never|only|do|don't|also|then|next|first|simply|just|carefully|explicitly|finally)$/u.test(first)
  ) {
    return /^(?:do|don't|never|always)$/u.test(first) || imperativeVerbs.has(second);
  }
  return imperativeVerbs.has(first.replace(/[^a-z'-]/gu, ""));
}
