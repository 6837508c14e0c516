import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { listPages, root } from "./read-snippets.js";

describe("links of the documentation", () => {
  it.each(listPages())("%s leads to files and headings that are there", (page) => {
    const text = readFileSync(join(root, page), "utf8");
    const broken = [...text.matchAll(/\]\(([^)\s#]*)(?:#([^)\s]*))?\)/gu)].flatMap(([link, path = "", part]) => {
      if (/^\w+:/u.test(path)) return [];
      const target = path === "" ? page : join(dirname(page), path);
      if (!existsSync(join(root, target))) return [link];
      return part === undefined || anchorsOf(target).has(part) ? [] : [link];
    });
    expect(broken).toEqual([]);
  });
});

/** The anchors of a page's headings, as GitHub and VitePress make them. */
function anchorsOf(page: string): Set<string> {
  const headings = readFileSync(join(root, page), "utf8").matchAll(/^#+ (.+)$/gmu);
  return new Set(
    Array.from(headings, ([, heading = ""]) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
        .trim()
        .replaceAll(/\s/gu, "-"),
    ),
  );
}
