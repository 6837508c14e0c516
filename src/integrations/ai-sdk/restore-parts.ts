import { AliasRestorer } from "../../compress/restoring/alias-restorer.js";
import { restoreCallsWith } from "../../compress/restoring/create-restorer.js";
import { type RestoreText, restoreJsonText } from "../../compress/restoring/restore-values.js";
import type { OriginalsStore } from "../../compress/types.js";

type Legend = Readonly<Record<string, string>>;

/** A part of an answer, whole or in a stream: what is read of it. */
export interface AnswerPart {
  readonly type: string;
  readonly id?: string;
  readonly delta?: string;
  readonly text?: string;
  readonly input?: unknown;
  readonly inputEncoding?: string;
}

/** What an answer is restored with. */
export interface PartRestoring {
  readonly legend: Legend;
  readonly store: OriginalsStore | undefined;
}

/** The content of a whole answer with the aliases in its texts and tool calls restored. */
export async function restoreContent<Part extends AnswerPart>(
  content: readonly Part[],
  { legend, store }: PartRestoring,
): Promise<Part[]> {
  const restoreCall = restoreCallsWith(legend, store);
  return Promise.all(content.map((part) => restorePart(part, legend, restoreCall)));
}

async function restorePart<Part extends AnswerPart>(
  part: Part,
  legend: Legend,
  restoreCall: RestoreText,
): Promise<Part> {
  if (part.type === "text" && part.text !== undefined) {
    const restorer = new AliasRestorer(legend);
    return { ...part, text: restorer.write(part.text) + restorer.end() };
  }
  if (part.type !== "tool-call" || typeof part.input !== "string") return part;
  return { ...part, input: await restoreJsonText(part.input, restoreCall) };
}

/**
 * Restores the parts of a stream: text as it passes, with no more held back than an alias is long; the input of a tool call once it is
 * whole, so that no tool sees an alias. A fault lets what follows through as it is.
 */
export function createPartRestorer<Part extends AnswerPart>(restoring: PartRestoring): TransformStream<Part, Part> {
  const restorer = new StreamedParts<Part>(restoring);
  let isBroken = false;
  return new TransformStream<Part, Part>({
    async transform(part, controller) {
      if (!isBroken) {
        try {
          for (const one of await restorer.write(part)) controller.enqueue(one);
          return;
        } catch {
          isBroken = true;
          for (const one of restorer.release()) controller.enqueue(one);
        }
      }
      controller.enqueue(part);
    },
    async flush(controller) {
      if (!isBroken) for (const one of restorer.release()) controller.enqueue(one);
    },
  });
}

class StreamedParts<Part extends AnswerPart> {
  readonly #legend: Legend;
  readonly #restoreCall: RestoreText;
  /** Texts by id, with the last delta of each, which those of our own are made like. */
  readonly #texts = new Map<string, { restorer: AliasRestorer; last: Part }>();
  /** Inputs of tool calls by id: the deltas that were held back. */
  readonly #inputs = new Map<string, { isText: boolean; held: Part[] }>();

  constructor({ legend, store }: PartRestoring) {
    this.#legend = legend;
    this.#restoreCall = restoreCallsWith(legend, store);
  }

  async write(part: Part): Promise<Part[]> {
    const { type, id = "" } = part;
    if (type === "text-delta") return this.#writeText(id, part);
    if (type === "text-end") return [...this.#endText(id), part];
    if (type === "tool-input-start") {
      this.#inputs.set(id, { isText: part.inputEncoding === "text", held: [] });
      return [part];
    }
    if (type === "tool-input-delta") {
      const input = this.#inputs.get(id);
      input?.held.push(part);
      return input === undefined ? [part] : [];
    }
    if (type === "tool-input-end") return [...(await this.#endInput(id)), part];
    if (type === "tool-call") return [await restorePart(part, this.#legend, this.#restoreCall)];
    return type === "finish" || type === "error" ? [...this.release(), part] : [part];
  }

  /** Gives all that was held back as it came. */
  release(): Part[] {
    const texts = [...this.#texts.keys()].flatMap((id) => this.#endText(id));
    const inputs = [...this.#inputs.values()].flatMap(({ held }) => held);
    this.#inputs.clear();
    return [...texts, ...inputs];
  }

  #writeText(id: string, part: Part): Part[] {
    const text = this.#texts.get(id) ?? { restorer: new AliasRestorer(this.#legend), last: part };
    this.#texts.set(id, { ...text, last: part });
    const delta = text.restorer.write(part.delta ?? "");
    if (delta === part.delta) return [part];
    return delta === "" ? [] : [{ ...part, delta }];
  }

  #endText(id: string): Part[] {
    const text = this.#texts.get(id);
    this.#texts.delete(id);
    const delta = text?.restorer.end() ?? "";
    return text === undefined || delta === "" ? [] : [{ ...text.last, delta }];
  }

  async #endInput(id: string): Promise<Part[]> {
    const { isText = false, held = [] } = this.#inputs.get(id) ?? {};
    this.#inputs.delete(id);
    const whole = held.map(({ delta = "" }) => delta).join("");
    const restored = isText ? await this.#restoreCall(whole) : await restoreJsonText(whole, this.#restoreCall);
    const [first] = held;
    return restored === whole || first === undefined ? held : [{ ...first, delta: restored }];
  }
}
