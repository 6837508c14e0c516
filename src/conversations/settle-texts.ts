import { readLegendLine } from "../compress/text/legend.js";
import { findOmissionMarkers } from "../compress/text/omission-marker.js";
import type { CompressOptions, CompressResult } from "../compress/types.js";
import type { Candidate } from "./find-candidates.js";
import { numberAliases, readNumberedLegend } from "./number-aliases.js";
import type { SentText, SentTexts } from "./sent-texts.js";

/** Compresses one text: `compress`, or a service before it. */
export type CompressText = (
  text: string,
  options: CompressOptions,
) => Promise<Pick<CompressResult, "text" | "decision" | "tokens">>;

/** What compresses a new text. */
export interface SettleSettings {
  /** Texts of fewer tokens are sent as they are. */
  readonly tokens: { readonly tool: number; readonly user: number };
  readonly options: CompressOptions;
  /**
   * What becomes of a text that the model has answered to and that nobody remembers. `as-it-is`, the default, takes it for sent by somebody
   * else, who sent it as it is. `compress` takes it for sent from here, before a restart, and compresses it to the same bytes again.
   */
  readonly unknown?: "as-it-is" | "compress";
}

/**
 * Decides for each candidate, once and for ever, which bytes are sent: those of the first time where there was one; a new text is
 * compressed, or sent as it is where that fails. Requests that come at once agree.
 */
export class TextSettler {
  readonly #underWay = new Map<string, Promise<Settled>>();

  constructor(
    private readonly compress: CompressText,
    private readonly memory: SentTexts,
  ) {}

  async settle(
    candidates: readonly Candidate[],
    settings: SettleSettings,
  ): Promise<{ candidate: Candidate; sent: SentText }[]> {
    const known = candidates.map((candidate) => this.#findKnown(candidate, settings));
    const compressed = await Promise.all(
      candidates.map((candidate, at) => known[at] ?? this.#compressOnce(candidate, settings)),
    );
    // Numbers are given in the order of the texts, after all that is known, and at once: nothing is awaited in between.
    let used = countAliases(known.flatMap((one) => one?.sent ?? []));
    const added: SentText[] = [];
    const settled = candidates.map((candidate, at) => {
      const given =
        known[at] ?? this.memory.at(candidate.place) ?? added.find(({ place }) => place === candidate.place);
      if (given !== undefined) return { candidate, sent: given };
      const { text, tokens } = compressed[at] as Settled;
      const numbered = text === null ? undefined : numberAliases(text, used);
      used += numbered?.count ?? 0;
      const sent: SentText = {
        place: candidate.place,
        content: candidate.content,
        sent: numbered?.text ?? null,
        tokens,
      };
      added.push(sent);
      return { candidate, sent };
    });
    await this.memory.remember(added);
    return settled;
  }

  /** What was sent before. */
  #findKnown({ place, content, isNew }: Candidate, { unknown }: SettleSettings): SentText | undefined {
    const known = this.memory.at(place);
    if (known !== undefined || isNew || unknown === "compress") return known;
    return this.memory.like(content) ?? { place, content, sent: null, tokens: { original: 0, compressed: 0 } };
  }

  #compressOnce(candidate: Candidate, settings: SettleSettings): Promise<Settled> {
    const underWay = this.#underWay.get(candidate.place);
    if (underWay !== undefined) return underWay;
    const settling = this.#compress(candidate, settings).finally(() => this.#underWay.delete(candidate.place));
    this.#underWay.set(candidate.place, settling);
    return settling;
  }

  /** Goes on where the caller hangs up: it will ask again, and another may wait for the same. */
  async #compress({ text, role }: Candidate, settings: SettleSettings): Promise<Settled> {
    const asIs: Settled = { text: null, tokens: { original: 0, compressed: 0 } };
    if (readLegendLine(text) !== undefined || findOmissionMarkers(text).length > 0) return asIs;
    try {
      const result = await this.compress(text, settings.options);
      const { original, compressed } = result.tokens;
      const isShort = original < settings.tokens[role === "tool" ? "tool" : "user"];
      if (result.decision !== "compressed" || isShort) return asIs;
      return { text: result.text, tokens: { original, compressed } };
    } catch {
      return asIs;
    }
  }
}

interface Settled {
  readonly text: string | null;
  readonly tokens: SentText["tokens"];
}

/** The highest number of an alias in these texts. */
function countAliases(texts: readonly string[]): number {
  const numbers = texts.flatMap((text) => Object.keys(readNumberedLegend(text)).map((alias) => Number(alias.slice(1))));
  return numbers.reduce((most, number) => Math.max(most, number), 0);
}
