/** A piece of a rendered prompt: ordinary text, or a special token. */
export type PromptPiece = { readonly text: string } | { readonly id: number };

/** The special tokens of one tokenizer, found in text by their names. */
export interface SpecialTokens {
  /** The text with every special token's name made unrecognizable, until `split` shows it again. */
  hide(text: string, mark: string): string;
  /** Cuts a rendered prompt at its special tokens; names hidden with `mark` come back as ordinary text. */
  split(prompt: string, mark: string): PromptPiece[];
}

/** @param ids each special token's id by its name */
export function createSpecialTokens(ids: ReadonlyMap<string, number>): SpecialTokens {
  // Of two names that begin at one place the longer counts, as in Hugging Face's tokenizers.
  const names = [...ids.keys()].filter((name) => name.length > 0).sort((a, b) => b.length - a.length);
  const either = names.map(escapePattern).join("|") || "(?!)";
  const beginnings = new RegExp(`(?=${either})[^]`, "g");
  const occurrences = new RegExp(either, "g");
  return {
    hide: (text, mark) => text.replace(beginnings, (unit) => mark + unit.charCodeAt(0).toString(16).padStart(4, "0")),
    split(prompt, mark) {
      const pieces: PromptPiece[] = [];
      let from = 0;
      const addText = (end: number) => {
        if (end > from) pieces.push({ text: showHidden(prompt.slice(from, end), mark) });
      };
      for (const { index, 0: name } of prompt.matchAll(occurrences)) {
        addText(index);
        pieces.push({ id: ids.get(name)! });
        from = index + name.length;
      }
      addText(prompt.length);
      return pieces;
    },
  };
}

/** A string that none of the texts holds, of characters that Unicode promises never to assign. */
export function chooseMark(texts: readonly string[]): string {
  let mark = "\ufdd0";
  while (texts.some((text) => text.includes(mark))) mark += "\ufdd0";
  return `${mark}\ufdd1`;
}

function showHidden(text: string, mark: string): string {
  const [first, ...rest] = text.split(mark);
  return (
    first + rest.map((part) => String.fromCharCode(Number.parseInt(part.slice(0, 4), 16)) + part.slice(4)).join("")
  );
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}
