// Checks that a version may be published: its tag, package.json and CHANGELOG.md agree, and the tarball is small enough. Prints the changes of
// the version, which become the notes of the release.
//
//   node scripts/release/check-release.js v1.2.3 [TARBALL]
import { readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Of the packed main package. */
const mostBytes = 25e6;
const root = new URL("../..", import.meta.url);
const [tag = "", tarball] = process.argv.slice(2);
const { version } = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));
const changes = readFileSync(new URL("CHANGELOG.md", root), "utf8");
const problems = [];
if (tag !== `v${version}`)
  problems.push(`Expected the tag v${version}, of package.json, but received ${tag || "none"}.`);
const notes = readNotes(version);
if (notes === undefined) {
  problems.push(
    `Expected "## [${version}] - YYYY-MM-DD" in ${fileURLToPath(new URL("CHANGELOG.md", root))}: move what is under [Unreleased] there.`,
  );
} else if (notes === "") problems.push(`Expected changes under [${version}] in CHANGELOG.md but it has none.`);
if (tarball !== undefined && statSync(tarball).size > mostBytes) {
  problems.push(`Expected at most ${mostBytes} bytes but ${tarball} has ${statSync(tarball).size}.`);
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log(notes);

function readNotes(name) {
  const sections = changes.split(/^## /m);
  const section = sections.find((one) => /^\[([^\]]+)\] - \d{4}-\d{2}-\d{2}\n/.exec(one)?.[1] === name);
  return section?.slice(section.indexOf("\n")).trim();
}
