/** Server-sent events, cut at the blank line after each; their bytes stay as they were. */
export class EventSplitter {
  #rest = "";

  /** Takes the next piece of a stream, and gives the events that are complete, each with its blank line. */
  *write(piece: string): Generator<string> {
    const searchFrom = Math.max(0, this.#rest.length - 3);
    this.#rest += piece;
    const blankLine = /\r\n\r\n|\n\n|\r\r/g;
    blankLine.lastIndex = searchFrom;
    let from = 0;
    while (blankLine.exec(this.#rest) !== null) {
      yield this.#rest.slice(from, blankLine.lastIndex);
      from = blankLine.lastIndex;
    }
    this.#rest = this.#rest.slice(from);
  }

  /** What stands after the last blank line. */
  end(): string {
    const rest = this.#rest;
    this.#rest = "";
    return rest;
  }
}

/** The data of one event, its lines joined; undefined where it has none. */
export function readEventData(event: string): string | undefined {
  const lines = event.split(/\r\n|\n|\r/u).filter((line) => line.startsWith("data:"));
  if (lines.length === 0) return undefined;
  return lines.map((line) => line.slice(line.startsWith("data: ") ? 6 : 5)).join("\n");
}

/** The event with other data; its name, its id and its line ends stay. */
export function replaceEventData(event: string, data: string): string {
  const lineEnd = /\r\n|\n|\r/u.exec(event)?.[0] ?? "\n";
  const lines = event.split(/\r\n|\n|\r/u);
  const at = lines.findIndex((line) => line.startsWith("data:"));
  const others = lines.filter((line, index) => index === at || !line.startsWith("data:"));
  others[others.indexOf(lines[at]!)] = `data: ${data}`;
  return others.join(lineEnd);
}
