/** What came of files that a reader gave. */
export interface ReadFiles {
  readonly text: string;
  readonly problem?: string;
}

/**
 * Reads text files; of several, each under a line with its name.
 *
 * @param mostBytes all of them together
 */
export async function readFiles(files: readonly File[], mostBytes: number): Promise<ReadFiles> {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  if (bytes > mostBytes) {
    const problem = `Expected ${Math.floor(mostBytes / (1 << 20))} MB at most, but the files have ${Math.ceil(bytes / (1 << 20))} MB.`;
    return { text: "", problem };
  }
  const parts: string[] = [];
  for (const file of files) {
    try {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
      parts.push(files.length === 1 ? text : `==> ${file.name} <==\n${text}`);
    } catch {
      return { text: "", problem: `Expected text in UTF-8, but ${file.name} is something else.` };
    }
  }
  return { text: parts.join("\n\n") };
}
