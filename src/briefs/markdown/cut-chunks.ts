/** Characters after which a chunk may end. Parsing costs more than linear time, so long documents are parsed in chunks. */
const chunkLength = 48_000;
/** Where no better place was found, a chunk ends at any line after this many. */
const longestChunk = 400_000;

const fence = /^ {0,3}(`{3,}|~{3,})/u;

/**
 * Cuts a Markdown document into pieces that can be parsed one by one: at headings, else at blank lines before text that is not
 * indented; never inside a fenced block.
 */
export function cutChunks(document: string): string[] {
  if (document.length <= chunkLength) return [document];
  const chunks: string[] = [];
  let lines: string[] = [];
  let length = 0;
  let open: string | undefined;
  let afterBlank = false;
  for (const line of document.split("\n")) {
    const isBreak = open === undefined && (/^#{1,6} /u.test(line) || (afterBlank && /^[^\s>|*+\-\d]/u.test(line)));
    if ((isBreak && length >= chunkLength) || length >= longestChunk) {
      chunks.push(lines.join("\n"));
      lines = [];
      length = 0;
    }
    const marker = fence.exec(line)?.[1];
    if (marker !== undefined) open = nextFence(open, marker, line);
    lines.push(line);
    length += line.length + 1;
    afterBlank = line.trim() === "";
  }
  chunks.push(lines.join("\n"));
  return chunks;
}

/** A fence closes with at least as many of the same marks and nothing after them. */
function nextFence(open: string | undefined, marker: string, line: string): string | undefined {
  if (open === undefined) return marker;
  const closes = marker[0] === open[0] && marker.length >= open.length && line.trim() === marker;
  return closes ? undefined : open;
}
