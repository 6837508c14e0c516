import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** One file of the compare page, as it is sent. */
export interface PageFile {
  /** Where it is asked for: `/` for the page itself. */
  readonly path: string;
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly tag: string;
  /** Whether its name changes with its content, so that browsers may keep it. */
  readonly isLasting: boolean;
}

/** Where `vite build web` puts the page: the same two steps up from src/serve/page's parent and from dist/serve's. */
export const builtPage = new URL("../../../dist/web/", import.meta.url);

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
};

/** Reads the page's files into memory: some 200 KB. Undefined where it was never built. */
export function readPage(folder: URL = builtPage): PageFile[] | undefined {
  const root = fileURLToPath(folder);
  if (!existsSync(join(root, "index.html"))) return undefined;
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && extname(entry.name) in types)
    .map((entry) => {
      const full = join(entry.parentPath, entry.name);
      const name = full.slice(root.length).replaceAll("\\", "/").replace(/^\//u, "");
      return readPageFile(full, name);
    });
}

function readPageFile(full: string, name: string): PageFile {
  const body = new Uint8Array(readFileSync(full));
  return {
    path: name === "index.html" ? "/" : `/${name}`,
    type: types[extname(name)]!,
    body,
    tag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`,
    isLasting: name.startsWith("assets/"),
  };
}
