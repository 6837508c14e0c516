import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BrevisError } from "../../../../errors.js";

/**
 * Opens a text in the user's editor (VISUAL, EDITOR, else vi), in a file that only the user may read and that is gone afterwards.
 *
 * @returns what the editor left, without white space around it
 * @throws {BrevisError} `invalid-option` where the editor cannot be started or fails
 */
export async function editText(text: string, environment: NodeJS.ProcessEnv = process.env): Promise<string> {
  const editor = environment.VISUAL || environment.EDITOR || (process.platform === "win32" ? "notepad" : "vi");
  const folder = await mkdtemp(join(tmpdir(), "brevis-edit-"));
  const path = join(folder, "proposed.txt");
  try {
    await writeFile(path, `${text}\n`, { mode: 0o600 });
    await runEditor(editor, path);
    return (await readFile(path, "utf8")).trim();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** By the shell, as git does it: an editor may come with flags. */
function runEditor(editor: string, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(`${editor} "${path}"`, { shell: true, stdio: "inherit" });
    const fail = (how: string, cause?: Error) =>
      reject(
        new BrevisError("invalid-option", `Expected the editor ${editor} to edit the text but it ${how}.`, {
          hint: "Set EDITOR to one that works here.",
          cause,
        }),
      );
    child.once("error", (error) => fail("cannot be started", error));
    child.once("close", (code, signal) => (code === 0 ? resolve() : fail(`ended with ${signal ?? code}`)));
  });
}
