import type { Choice } from "./choose-forms.js";
import type { PlannedLine } from "./plan-lines.js";
import { takeOffTicks } from "./shorten-code.js";

/** `items`: bullets and backticks as Markdown has them; `bare`: lines without bullets, code without backticks where its form shows it. */
export type Style = "items" | "bare";

/** Writes the chosen lines as Markdown: headings over what stands below them, items, commands in one fenced block. */
export function writeLines(lines: readonly PlannedLine[], choice: Choice, style: Style): string {
  const writer = new BriefWriter(style);
  let open: PlannedLine | undefined;
  lines.forEach((line, index) => {
    const { statement, forms } = line;
    const form = choice[index] ?? -1;
    if (statement.form === "heading") {
      open = line;
      // A heading that is a kernel stands by itself; the others wait for something below them.
      if (form >= 0) writer.writeHeading(line);
      return;
    }
    if (form < 0) return;
    if (open !== undefined) writer.writeHeading(open);
    open = undefined;
    writer.write(line, forms[form]!.text);
  });
  return writer.finish();
}

class BriefWriter {
  readonly #style: Style;
  readonly #lines: string[] = [];
  readonly #headings = new Set<PlannedLine>();
  #commands: string[] = [];
  #block = -1;
  #hasItems = false;

  constructor(style: Style) {
    this.#style = style;
  }

  writeHeading(line: PlannedLine): void {
    if (this.#headings.has(line)) return;
    this.#headings.add(line);
    this.#endCommands();
    this.#hasItems = false;
    this.#block = -1;
    const marks = "#".repeat(Math.min(3, line.statement.level ?? 1));
    this.#lines.push(`${marks} ${line.forms[0]!.text.replace(/:$/u, "")}`);
  }

  write({ statement }: PlannedLine, text: string): void {
    const { form, block, depth, marker } = statement;
    if (form === "command") {
      this.#commands.push(text);
      return;
    }
    this.#endCommands();
    if (form === "code") this.#lines.push(`\`\`\`${statement.language ?? ""}\n${text}\n\`\`\``);
    else if (form === "sentence" && block === this.#block) this.#append(text);
    else this.#writeItem(text, form === "row" ? 1 : depth, marker);
    this.#block = form === "sentence" ? block : -1;
  }

  finish(): string {
    this.#endCommands();
    return this.#lines.length === 0 ? "" : `${this.#lines.join("\n")}\n`;
  }

  #writeItem(text: string, depth: number, marker: string): void {
    const shown = this.#dress(text);
    const isNumbered = /^\d/u.test(marker);
    if (this.#style === "bare" ? depth <= 1 && !isNumbered : depth === 0 && !this.#hasItems) {
      // In bare style a line is a statement; among items, a paragraph has to end where it ends.
      this.#lines.push(this.#style === "bare" ? shown : endSentence(shown));
      return;
    }
    this.#hasItems = true;
    const indent = "  ".repeat(Math.max(0, Math.min(depth, 3) - 1));
    this.#lines.push(`${indent}${isNumbered ? marker : "-"} ${shown}`);
  }

  /** A further statement of the same block. */
  #append(text: string): void {
    const last = this.#lines.pop()!;
    const joined = `${endSentence(last)} ${this.#dress(text)}`;
    this.#lines.push(this.#style === "items" && last.endsWith(".") ? endSentence(joined) : joined);
  }

  #dress(text: string): string {
    return this.#style === "bare" ? takeOffTicks(text) : text;
  }

  #endCommands(): void {
    const commands = this.#commands;
    if (commands.length === 0) return;
    this.#commands = [];
    if (commands.length === 1 && !commands[0]!.includes("`"))
      this.#lines.push(`${this.#style === "bare" ? "" : "- "}\`${commands[0]}\``);
    else this.#lines.push(`\`\`\`sh\n${commands.join("\n")}\n\`\`\``);
    this.#block = -1;
  }
}

function endSentence(text: string): string {
  return /[.!?:;]$/u.test(text) ? text : `${text}.`;
}
