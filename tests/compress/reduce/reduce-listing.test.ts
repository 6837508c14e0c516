import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { reduceListing } from "../../../src/compress/reduce/reduce-listing.js";
import { expandHeadings } from "./expand-headings.js";
import { countTokens, lawsOfLineReducers, reduceText, writeChoice, writeWhole } from "./line-reducer-laws.js";

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/reduce/${name}`, import.meta.url), "utf8");
const words = (text: string) => text.split("\n").map((line) => line.split(/\s+/).filter((word) => word !== ""));

describe("reduceListing", () => {
  lawsOfLineReducers(reduceListing);

  it.each([
    ["ls-la.txt", 0.65],
    ["git-blame.txt", 0.8],
    ["df-h.txt", 0.9],
  ])("%s: every word comes back from at most %d of the tokens", async (name, most) => {
    const written = await writeWhole(reduceListing, fixture(name));
    expect(words(expandHeadings(written))).toEqual(words(fixture(name)));
    expect(countTokens(written) / countTokens(fixture(name))).toBeLessThan(most);
  });

  it("keeps the padding between columns of several words", async () => {
    const text = [
      "NAMES        STATUS                   PORTS",
      "api          Up 2 hours               80/tcp",
      "db           Exited (0) 3 weeks ago   5432/tcp",
      "queue        Up 5 minutes             5672/tcp",
      "",
    ].join("\n");
    expect(await writeWhole(reduceListing, text)).toBe(text);
  });

  it("shortens rules under column names", async () => {
    expect(await writeWhole(reduceListing, "name      size\n--------  --------\na         1\nb         2\n")).toContain(
      "\n--- ---\n",
    );
  });

  it("always keeps column names, section names and totals", async () => {
    const { written } = await writeChoice(reduceListing, fixture("df-h.txt"), () => false);
    expect(written).toMatch(/^Filesystem Size Used Avail Use% Mounted on\n\[…\d+ entries\]\n$/);
    const listing = await writeChoice(reduceListing, `./src:\n${fixture("ls-la.txt")}`, () => false);
    expect(listing.written).toMatch(/^\.\/src:\ntotal \d+\n\[…\d+ entries\]\n$/);
  });

  it("keeps the column names of a second table", async () => {
    const inodes = "Filesystem Inodes IUsed IFree IUse% Mounted on\n/dev/vda 16777216 626765 16150451 4% /\n";
    const { written } = await writeChoice(reduceListing, fixture("df-h.txt") + inodes, () => false);
    expect(written).toMatch(
      /^Filesystem Size Used Avail Use% Mounted on\n\[…\d+ entries\]\nFilesystem Inodes IUsed IFree IUse% Mounted on\n\[…1 entry\]\n$/,
    );
  });

  it("keeps what begins a commit longest, and the lines of a drawn graph shortest", async () => {
    const text = [
      "commit 7264a7fa425132674edfbc2fae004654a4797e59",
      "Author: Ada",
      "M\tdata/90000.sql",
      "|\\ \\",
      "| * 265554d4 fix the clean-up",
      "|/",
      "",
    ].join("\n");
    const priorities = (await reduceText(reduceListing, text)).units.map(({ priority }) => priority);
    const [start, author, file, open, entry, close] = priorities as [number, number, number, number, number, number];
    expect(start).toBeGreaterThan(Math.max(author, file, entry));
    expect(Math.max(open, close)).toBeLessThan(Math.min(author, file, entry));
  });

  it("ranks folders above files, and what stands out by its size above both", async () => {
    const text = [
      "-rw-r--r-- 1 root root 120 Nov 20 21:11 a.ts",
      "-rw-r--r-- 1 root root 130 Nov 20 21:11 b.ts",
      "drwxr-xr-x 2 root root 140 Nov 20 21:11 lib",
      "-rw-r--r-- 1 root root 91130 Nov 20 21:11 huge.ts",
      "-rw-r--r-- 1 root root 150 Nov 20 21:11 c.ts",
    ].join("\n");
    const [, second, folder, huge] = (await reduceText(reduceListing, text)).units.map(({ priority }) => priority);
    expect(huge!).toBeGreaterThan(folder!);
    expect(folder!).toBeGreaterThan(second!);
  });
});
