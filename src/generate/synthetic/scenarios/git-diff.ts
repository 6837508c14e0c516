import type { Scenario } from "../make-pair.js";
import { type DraftUnit, detail, line, Rank, say } from "../say.js";
import { extensions, languages, writeComment, writeSignature, writeStatement } from "./write-code.js";

/** A unified diff of several files, with context around its changes and now and then a lock file's noise. */
export const gitDiff: Scenario = {
  name: "git_diff",
  domain: "code",
  write(dice, v) {
    const language = dice.pick(languages);
    const units: DraftUnit[] = [];
    const file = (path: string) => {
      units.push(line(Rank.noise, say`diff --git a/${path} b/${path}`));
      units.push(line(Rank.noise, say`index ${v.hash(7)}..${v.hash(7)} 100644`));
      units.push(line(Rank.noise, say`--- a/${path}`), line(Rank.important, say`+++ b/${path}`));
    };
    const hunk = () => {
      const at = dice.integer(3, 800);
      const context = () => dice.several(1, 3, () => line(Rank.noise, say`     ${writeStatement(language, dice, v)}`));
      units.push(
        line(
          Rank.ordinary,
          say`@@ -${at},${dice.integer(4, 9)} +${at},${dice.integer(4, 9)} @@${detail` ${writeSignature(language, dice, v)}`}`,
        ),
      );
      units.push(...context());
      const changes = dice.integer(1, 3);
      for (let change = 0; change < changes; change++) {
        if (dice.chance(0.3)) units.push(line(Rank.noise, say`+    ${writeComment(language, dice, v)}`));
        if (dice.chance(0.8)) units.push(line(Rank.important, say`-    ${writeStatement(language, dice, v)}`));
        units.push(line(Rank.important, say`+    ${writeStatement(language, dice, v)}`));
      }
      units.push(...context());
    };
    if (dice.chance(0.5)) {
      units.push(
        line(Rank.ordinary, say`commit ${v.hash(40)}`),
        line(Rank.noise, say`Author: ${v.person()} <${v.email()}>`),
      );
      units.push(line(Rank.noise, say`Date:   ${v.date()} ${v.clock()} +0100`), line(Rank.noise, say``));
      units.push(
        line(
          Rank.important,
          say`    ${dice.pick(["Fix", "Refactor", "Speed up", "Simplify"])} ${v.noun()} ${v.noun()} in ${v.camel()}`,
        ),
      );
      units.push(line(Rank.noise, say``));
    }
    const files = dice.integer(1, 3);
    for (let at = 0; at < files; at++) {
      file(v.path(extensions[language]));
      const hunks = dice.integer(1, 3);
      for (let part = 0; part < hunks; part++) hunk();
    }
    if (dice.chance(0.3)) {
      file("package-lock.json");
      units.push(line(Rank.noise, say`@@ -${dice.integer(100, 900)},6 +${dice.integer(100, 900)},6 @@`));
      units.push(
        ...dice.several(4, 12, () =>
          line(Rank.noise, say`${dice.pick(["+", "-"])}      "integrity": "sha512-${v.hash(40)}==",`),
        ),
      );
    }
    return units;
  },
};
