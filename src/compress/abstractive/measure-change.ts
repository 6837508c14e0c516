/** UTF-16 code units beside a text that its first and last tokens may reach into, with room to spare. */
const reach = 64;

/**
 * Tokens that a result gains when one segment gets another text; fewer than none where it is shorter. Counted with what stands
 * beside it, since tokens reach over the borders of segments.
 */
export function measureChange(
  segments: readonly { readonly text: string }[],
  index: number,
  text: string,
  count: (text: string) => number,
): number {
  let before = "";
  for (let at = index - 1; at >= 0 && before.length < reach; at--) before = segments[at]!.text.slice(-reach) + before;
  let after = "";
  for (let at = index + 1; at < segments.length && after.length < reach; at++)
    after += segments[at]!.text.slice(0, reach);
  return count(before + text + after) - count(before + segments[index]!.text + after);
}
