import type { MarkOmission } from "../../draft.js";
import type { Span } from "../../text/spans.js";
import type { Entry, EntryPlan, Layout } from "./plan-entries.js";

/**
 * Writes a choice of entries: brackets and commas stay right, and a marker stands in each container that lost some.
 *
 * @param spans where each entry lies in the source
 */
export function writeEntries(
  { entries, header }: EntryPlan,
  spans: readonly Span[],
  kept: Uint8Array,
  mark: MarkOmission,
): string {
  const writer = new EntryWriter(spans, mark, header);
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index]!;
    writer.closeUntil(entry.parent);
    if (kept[index]) {
      writer.keep(index, entry);
    } else {
      writer.drop(index, entry);
      index = entry.last;
    }
  }
  writer.closeUntil(-1);
  return writer.finish();
}

interface OpenContainer {
  readonly index: number;
  readonly layout: Layout;
  readonly closing: string;
  isEmpty: boolean;
}

class EntryWriter {
  readonly #pieces: string[] = [];
  readonly #open: OpenContainer[];
  #dropped: { start: number; end: number; count: number } | undefined;

  constructor(
    readonly spans: readonly Span[],
    readonly mark: MarkOmission,
    header: string | undefined,
  ) {
    if (header !== undefined) this.#pieces.push(header);
    this.#open = [{ index: -1, layout: "rows", closing: "", isEmpty: header === undefined }];
  }

  keep(index: number, { text, opens }: Entry): void {
    this.#flushDropped();
    this.#separate();
    this.#pieces.push(text);
    if (opens !== undefined) this.#open.push({ index, ...opens, isEmpty: opens.layout !== "rows" });
  }

  drop(index: number, { count, last }: Entry): void {
    const { end } = this.spans[last]!;
    if (this.#dropped === undefined) this.#dropped = { start: this.spans[index]!.start, end, count };
    else this.#dropped = { start: this.#dropped.start, end, count: this.#dropped.count + count };
  }

  closeUntil(container: number): void {
    while (this.#open.at(-1)!.index !== container) {
      this.#flushDropped();
      this.#pieces.push(this.#open.pop()!.closing);
    }
  }

  finish(): string {
    this.#flushDropped();
    return this.#pieces.join("");
  }

  #separate(): void {
    const container = this.#open.at(-1)!;
    if (!container.isEmpty) this.#pieces.push(container.layout === "rows" ? "\n" : ",");
    container.isEmpty = false;
  }

  #flushDropped(): void {
    if (this.#dropped === undefined) return;
    const { layout } = this.#open.at(-1)!;
    const marker = this.mark({ ...this.#dropped, what: layout === "members" ? "members" : "items" });
    this.#dropped = undefined;
    this.#separate();
    if (layout === "rows") this.#pieces.push(marker);
    else this.#pieces.push(layout === "elements" ? `"${marker}"` : `"${marker}":""`);
  }
}
