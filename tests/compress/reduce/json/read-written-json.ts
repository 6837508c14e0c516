/**
 * The inverse of the JSON reducer's format steps: reads JSON, and the tables `[{a,b}:`, `{{a,b}:` and `{a,b}:`, back to
 * compact JSON, one value a line. Tokens are copied, never interpreted. Written apart from the reducer's own reader.
 */
export function readWrittenJson(text: string): string {
  return new WrittenReader(text).readAll();
}

type Shape = null | { list: boolean; keys: { key: string; shape: Shape }[] };

class WrittenReader {
  at = 0;
  constructor(readonly text: string) {}

  readAll(): string {
    const values: string[] = [];
    this.space();
    if (this.startsHeader()) {
      const shape = this.header();
      while (this.at < this.text.length) values.push(this.line(shape));
    }
    for (this.space(); this.at < this.text.length; this.space()) values.push(this.value());
    return values.join("\n");
  }

  value(): string {
    this.space();
    const open = this.text[this.at]!;
    if (open === "[" || open === "{") return this.container(open);
    return this.token();
  }

  container(open: string): string {
    const close = open === "[" ? "]" : "}";
    const items: string[] = [];
    this.at++;
    if (this.startsHeader()) {
      const shape = this.header();
      while (this.text[this.at] !== close)
        items.push(open === "{" ? this.member(() => this.line(shape)) : this.line(shape));
    } else {
      for (this.space(); this.text[this.at] !== close; this.skip(",")) {
        items.push(open === "{" ? this.member(() => this.value()) : this.value());
        this.space();
      }
    }
    this.at++;
    return open + items.join(",") + close;
  }

  member(read: () => string): string {
    this.space();
    const key = this.token();
    this.skip(":");
    return `${key}:${read()}`;
  }

  /** A header is a balanced `{…}` before a colon and a line break; no JSON value is followed by a colon. */
  startsHeader(): boolean {
    if (this.text[this.at] !== "{") return false;
    const tokens = /"(?:[^"\\]|\\.)*"|[{}]/gsy;
    let depth = 0;
    for (let at = this.at; at < this.text.length; at++) {
      tokens.lastIndex = at;
      const token = tokens.exec(this.text)?.[0];
      if (token === "{") depth++;
      else if (token === "}" && --depth === 0) return this.text.startsWith(":\n", at + 1);
      else if (token !== undefined) at += token.length - 1;
    }
    return false;
  }

  header(): NonNullable<Shape> {
    const shape = this.objectShape();
    this.skip(":");
    this.at++;
    return shape;
  }

  objectShape(): NonNullable<Shape> {
    const keys: { key: string; shape: Shape }[] = [];
    this.at++;
    while (this.text[this.at] !== "}") {
      const key = this.text[this.at] === '"' ? this.token() : `"${this.match(/[^{}[\],]+/y)}"`;
      let shape: Shape = null;
      if (this.text[this.at] === "{") shape = this.objectShape();
      else if (this.text[this.at] === "[") {
        this.at++;
        shape = { ...this.objectShape(), list: true };
        this.at++;
      }
      keys.push({ key, shape });
      if (this.text[this.at] === ",") this.at++;
    }
    this.at++;
    return { list: false, keys };
  }

  /** A row of a table, or a whole value where the line holds no more than one. */
  line(shape: NonNullable<Shape>): string {
    const start = this.at;
    const whole = this.tryWhole();
    if (whole === undefined) this.at = start;
    const line = whole ?? this.row(shape);
    if (this.text[this.at] === "\n") this.at++;
    return line;
  }

  tryWhole(): string | undefined {
    try {
      const value = this.value();
      return this.text[this.at] === "," ? undefined : value;
    } catch {
      return undefined;
    }
  }

  row({ keys }: NonNullable<Shape>): string {
    const members = keys.map(({ key, shape }, index) => {
      if (index > 0) this.skip(",");
      return `${key}:${this.cell(shape)}`;
    });
    return `{${members.join(",")}}`;
  }

  cell(shape: Shape): string {
    if (shape === null || this.text.startsWith("null", this.at)) return this.value();
    if (!shape.list) return this.braced(shape);
    const items: string[] = [];
    this.skip("[");
    while (this.text[this.at] !== "]") {
      items.push(this.braced(shape));
      if (this.text[this.at] === ",") this.at++;
    }
    this.at++;
    return `[${items.join(",")}]`;
  }

  braced(shape: NonNullable<Shape>): string {
    this.skip("{");
    const object = this.row(shape);
    this.skip("}");
    return object;
  }

  token(): string {
    this.space();
    return this.match(/"(?:[^"\\]|\\.)*"|[\w.+-]+/sy);
  }

  match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) throw new Error(`unexpected ${this.text.slice(this.at, this.at + 30)} at ${this.at}`);
    this.at += found[0].length;
    return found[0];
  }

  skip(mark: string): void {
    this.space();
    if (this.text[this.at] === mark) this.at++;
    else if (mark !== ",") throw new Error(`expected ${mark} at ${this.at}`);
  }

  space(): void {
    while (/\s/.test(this.text[this.at] ?? "")) this.at++;
  }
}
