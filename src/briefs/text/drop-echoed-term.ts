/** `Architecture: docs/ARCHITECTURE.md` says one thing twice: what is left is the path. */
export function dropEchoedTerm(line: string): string {
  const match = /^([\p{L}][\p{L} -]{1,40}):\s+(`?)([^\s`]+)\2$/u.exec(line);
  return match !== null && saysName(match[1]!, match[3]!) ? `${match[2]}${match[3]}${match[2]}` : line;
}

/** Whether a text only says the name of the file that a path leads to: `Architecture` for `docs/ARCHITECTURE.md`. */
export function saysName(text: string, path: string): boolean {
  const bare = path.replace(/#.*$/u, "").replace(/\/$/u, "");
  const name = bare.slice(bare.lastIndexOf("/") + 1).replace(/\.[a-z]{1,5}$/iu, "");
  const letters = (words: string) => words.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  return !/^[a-z]+:/iu.test(path) && letters(name) !== "" && letters(name) === letters(text);
}
