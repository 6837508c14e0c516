import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compress } from "../../../src/compress/compress.js";
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

  describe("events of a cluster", () => {
    const events = [
      "NAMESPACE     LAST SEEN   TYPE      REASON             OBJECT             MESSAGE",
      "default       2m          Normal    Pulled             pod/cache-0        Container image is already present on machine",
      "default       5m          Normal    Scheduled          pod/queue-0        Successfully assigned default/queue-0 to node-2",
      "default       6m          Warning   FailedScheduling   pod/api-5d8b9c7f4  0/3 nodes are available: 3 Insufficient memory",
      "default       8m          Normal    Scheduled          pod/mailer-0       Successfully assigned default/mailer-0 to node-1",
      "kube-system   9m          Normal    Pulled             pod/dns-7f8d9c8b5  Container image is already present on machine",
      "",
    ].join("\n");

    it("keep what is in trouble before what is not", async () => {
      const { text } = await compress(events, { rate: 0.5 });
      expect(text).toContain("FailedScheduling");
      expect(text).toContain("Insufficient memory");
    });

    it("keep what a question is about", async () => {
      expect((await compress(events, { rate: 0.45 })).text).not.toContain("mailer-0");
      const { text } = await compress(events, { rate: 0.45, query: "Where does the mailer run?" });
      expect(text).toContain("default/mailer-0 to node-1");
    });
  });

  it("takes names of files for no states", async () => {
    const rows = ["a.ts", "down.ts", "c.ts", "d.ts", "e.ts", "f.ts", "stale-1.ts", "g.ts"];
    const listing = rows.map((name) => `-rw-r--r-- 1 root root 120 Jan  1 10:00 ${name}\n`).join("");
    const names = (text: string) => text.match(/\S+\.ts/gu) ?? [];
    const plain = listing.replace("down.ts", "both.ts").replace("stale-1.ts", "early-1.ts");
    const kept = names((await compress(listing, { rate: 0.4 })).text);
    const keptPlain = names((await compress(plain, { rate: 0.4 })).text);
    expect(kept.map((name) => rows.indexOf(name))).toEqual(
      keptPlain.map((name) => rows.indexOf({ "both.ts": "down.ts", "early-1.ts": "stale-1.ts" }[name] ?? name)),
    );
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
