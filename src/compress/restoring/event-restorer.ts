import { replaceAt } from "../messages/find-texts.js";
import { AliasRestorer, outputSigil } from "./alias-restorer.js";
import { type ChannelPiece, type EventContent, type EventPath, findChannels } from "./find-channels.js";
import { type RestoreText, readAt, restoreJsonText, restoreValue } from "./restore-values.js";
import { readEventData, replaceEventData } from "./split-events.js";

/** An event that was read, and what has become of its data. */
interface ReadEvent {
  readonly raw: string;
  data: unknown;
  isChanged: boolean;
}

/** A text that comes in pieces. */
interface Channel {
  readonly kind: ChannelPiece["kind"];
  readonly restorer: AliasRestorer;
  /** The last event with a piece of it, and where in it: what an event of our own is made from. */
  template: { raw: string; data: unknown; path: EventPath };
  /** Of a tool call: what was held back. Whole events where they said nothing else. */
  held: { event: ReadEvent | undefined; text: string }[];
}

/** Escapes of § and its like, and of @, in JSON. */
const escapedSigil = /\\u(?:00|20)/iu;
const toolCall = /"(?:partial_json|arguments|input|args|response)"/u;

/**
 * Restores the aliases in the server-sent events of a model's answer, whatever events they are spread over. A tool call's arguments are
 * held back until they are whole, and then released restored: no tool sees an alias. Events in which nothing changes keep their bytes.
 */
export class EventRestorer {
  readonly #channels = new Map<string, Channel>();
  /** Of the last event that was written; those of Responses are numbered. */
  #number = -1;
  #isRenumbered = false;
  readonly #skips: boolean;
  readonly #detector: AliasRestorer;

  constructor(
    private readonly legend: Readonly<Record<string, string>>,
    private readonly restoreText: RestoreText,
  ) {
    this.#detector = new AliasRestorer(legend);
    // What stands before an @ decides whether an alias begins, so that every text has to be read.
    this.#skips = !Object.keys(legend).some((alias) => alias.startsWith(outputSigil));
  }

  /** Takes an event, and gives those that may go on. */
  async write(raw: string): Promise<string[]> {
    if (this.canPass(raw)) return [raw];
    const event = parseEvent(raw);
    if (event === undefined) {
      const isLast = readEventData(raw)?.trim() === "[DONE]";
      return isLast ? [...(await this.end()), raw] : [raw];
    }
    const content = findChannels(event.data);
    const passed = await this.#endChannels(content);
    let isHeld = false;
    for (const piece of content.pieces) isHeld = (await this.#takePiece(piece, event, content)) || isHeld;
    await this.#restoreWhole(event, content);
    return isHeld ? passed : [...passed, this.#writeEvent(event)];
  }

  /** The stream is over: gives what was held back. */
  async end(): Promise<string[]> {
    return this.#endChannels({ pieces: [], ended: [""], whole: [] });
  }

  /** Gives all that was held back as it came, for a stream that is passed on untouched from here. */
  release(): string[] {
    const texts: string[] = [];
    for (const { held, template, restorer } of this.#channels.values()) {
      for (const { event, text } of held) texts.push(event?.raw ?? this.#writeEvent(cloneEvent(template, text)));
      if (restorer.isHolding) texts.push(this.#writeEvent(cloneEvent(template, restorer.end())));
    }
    this.#channels.clear();
    return texts;
  }

  /** Whether an event goes on as it is, and nothing has to be remembered of it. */
  canPass(raw: string): boolean {
    if (!this.#skips || this.#isRenumbered || escapedSigil.test(raw) || toolCall.test(raw)) return false;
    for (const { held, restorer } of this.#channels.values()) if (held.length > 0 || restorer.isHolding) return false;
    return !this.#detector.concerns(raw);
  }

  /** Ends the channels that an event ends and has no piece of. */
  async #endChannels({ ended, pieces }: EventContent): Promise<string[]> {
    const released: ReadEvent[] = [];
    for (const [name, channel] of this.#channels) {
      if (!ended.some((beginning) => name.startsWith(beginning))) continue;
      if (pieces.some(({ channel: of }) => of === name)) continue;
      released.push(...(await releaseChannel(channel, this.restoreText)));
      this.#channels.delete(name);
    }
    return released.map((event) => this.#writeEvent(event));
  }

  /** Restores one piece in its event. @returns whether the event as a whole is held back */
  async #takePiece(piece: ChannelPiece, event: ReadEvent, { ended }: EventContent): Promise<boolean> {
    const text = readAt(event.data, piece.path) as string;
    const channel = this.#openChannel(piece, event);
    const isLast = ended.some((beginning) => piece.channel.startsWith(beginning));
    if (isLast) this.#channels.delete(piece.channel);
    if (piece.kind === "text") {
      const restored = channel.restorer.write(text);
      setPiece(event, piece.path, isLast ? restored + channel.restorer.end() : restored);
      return false;
    }
    if (isLast) {
      const whole = channel.held.map((one) => one.text).join("") + text;
      setPiece(event, piece.path, await restoreCall(piece.kind, whole, this.restoreText));
      return false;
    }
    if (text === "") return false;
    channel.held.push({ event: piece.isAlone ? event : undefined, text });
    if (!piece.isAlone) setPiece(event, piece.path, "");
    return piece.isAlone;
  }

  #openChannel({ channel: name, kind, path }: ChannelPiece, { raw, data }: ReadEvent): Channel {
    const template = { raw, data, path };
    const known = this.#channels.get(name);
    if (known !== undefined) {
      known.template = template;
      return known;
    }
    const opened: Channel = { kind, template, held: [], restorer: new AliasRestorer(this.legend) };
    this.#channels.set(name, opened);
    return opened;
  }

  async #restoreWhole(event: ReadEvent, { whole }: EventContent): Promise<void> {
    for (const { path, kind } of whole) {
      setPiece(event, path, await restoreWholeValue(kind, readAt(event.data, path), this.legend, this.restoreText));
    }
  }

  /** Events of our own, and those that were held back, get numbers after those that were written before them. */
  #writeEvent(event: ReadEvent): string {
    const number = readAt(event.data, ["sequence_number"]);
    if (typeof number === "number") {
      this.#isRenumbered ||= number <= this.#number;
      this.#number = Math.max(number, this.#number + 1);
      setPiece(event, ["sequence_number"], this.#number);
    }
    return event.isChanged ? replaceEventData(event.raw, JSON.stringify(event.data)) : event.raw;
  }
}

/** Restores a value that came in one. */
export async function restoreWholeValue(
  kind: EventContent["whole"][number]["kind"],
  value: unknown,
  legend: Readonly<Record<string, string>>,
  restoreText: RestoreText,
): Promise<unknown> {
  if (kind === "value") return restoreValue(value, restoreText);
  if (kind !== "text") return restoreCall(kind, value as string, restoreText);
  const restorer = new AliasRestorer(legend);
  return restorer.write(value as string) + restorer.end();
}

async function releaseChannel(channel: Channel, restore: RestoreText): Promise<ReadEvent[]> {
  const { kind, held, restorer, template } = channel;
  if (kind === "text") return restorer.isHolding ? [cloneEvent(template, restorer.end())] : [];
  if (held.length === 0) return [];
  const whole = held.map(({ text }) => text).join("");
  const restored = await restoreCall(kind, whole, restore);
  const events = held.flatMap(({ event }) => event ?? []);
  return restored === whole && events.length === held.length ? events : [cloneEvent(template, restored)];
}

async function restoreCall(kind: "arguments" | "input" | "text", text: string, restore: RestoreText): Promise<string> {
  return kind === "arguments" ? restoreJsonText(text, restore) : restore(text);
}

/** An event like another, with a text of its own and nothing else to say. */
function cloneEvent({ raw, data, path }: Channel["template"], text: string): ReadEvent {
  let cloned = data;
  for (const { path: other } of findChannels(data).pieces) cloned = replaceAt(cloned, other, "");
  const call = path.indexOf("tool_calls");
  if (call !== -1) {
    // Names and ids are added up where they come twice.
    const [holder, key] = path.slice(-2) as [string, string];
    const inDelta = path.slice(0, call);
    const index = readAt(data, [...path.slice(0, call + 2), "index"]);
    cloned = replaceAt(cloned, inDelta, { tool_calls: [{ index, [holder]: { [key]: text } }] });
  } else cloned = replaceAt(cloned, path, text);
  return { raw, data: cloned, isChanged: true };
}

function setPiece(event: ReadEvent, path: EventPath, value: unknown): void {
  if (readAt(event.data, path) === value) return;
  event.data = replaceAt(event.data, path, value);
  event.isChanged = true;
}

function parseEvent(raw: string): ReadEvent | undefined {
  const data = readEventData(raw);
  if (data === undefined || !data.startsWith("{")) return undefined;
  try {
    return { raw, data: JSON.parse(data), isChanged: false };
  } catch {
    return undefined;
  }
}
