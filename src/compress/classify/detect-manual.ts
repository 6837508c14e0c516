import type { LineView } from "./read-lines.js";
import type { VoteBoard } from "./vote-board.js";

const title = /^[A-Za-z][\w.:+-]*\(\d\w{0,4}\)\s{2,}.*\(\d\w{0,4}\)$|^Help on (?:\w+ )+\S+:$/;
const section =
  /^(?:NAME|SYNOPSIS|DESCRIPTION|OPTIONS|CLASSES|FUNCTIONS|DATA|FILE|EXAMPLES?|SEE ALSO|AUTHORS?|ENVIRONMENT|EXIT STATUS|RETURN VALUE|MODULE REFERENCE|COPYRIGHT|REPORTING BUGS)$/;

/** Manual pages (man, pydoc) are read as prose: their options are explained in sentences. */
export function detectManual(lines: readonly LineView[], board: VoteBoard): void {
  const first = lines.findIndex(({ text }) => title.test(text) || text === "NAME" || text === "SYNOPSIS");
  if (first === -1) return;
  const sections = lines.filter(({ text }) => section.test(text)).length;
  if (sections < 2 && !(sections === 1 && title.test(lines[first]!.text))) return;
  for (let line = first; line < lines.length; line++) {
    if (lines[line]!.neutral || board.isSettled(line)) continue;
    board.add(line, "prose", 2.4 + board.of(line, "markdown"));
  }
}
