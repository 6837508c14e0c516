/** The text that segments make together. */
export function joinTexts(segments: readonly { readonly text: string }[]): string {
  return segments.map(({ text }) => text).join("");
}
