import type { Scenario } from "../make-pair.js";
import { type DraftUnit, detail, drop, line, Rank, say } from "../say.js";

/** The log of a build: set-up, downloads, tests, what failed and how it ended. */
export const cicdLog: Scenario = {
  name: "cicd_log",
  domain: "mixed",
  write(dice, v) {
    const units: DraftUnit[] = [];
    const day = v.date();
    const hasTime = dice.chance(0.6);
    const time = () => (hasTime ? detail`${day}T${v.clock()}.${dice.integer(1000000, 9999999)}Z ` : []);
    const noise = (count: number, make: () => ReturnType<typeof say>) => {
      for (let at = 0; at < count; at++) units.push(line(Rank.noise, say`${time()}${make()}`));
    };
    units.push(line(Rank.ordinary, say`${time()}##[group]Run ${v.verb()} ${v.service()} ${v.version()}`));
    noise(dice.integer(2, 10), () =>
      dice.pick([
        () => say`Downloading ${v.service()}-${v.version()}.tgz (${dice.integer(1, 900)} kB)`,
        () => say`npm warn deprecated ${v.service()}@${v.version()}: this package is no longer supported`,
        () => drop`Resolving dependencies, this may take a moment, please be patient...`,
        () => say`Cache restored from key: ${v.service()}-${v.hash(12)}`,
        () => say`   Compiling ${v.snake()} v${v.version()}`,
        () =>
          say`remote: Counting objects: ${dice.integer(1, 100)}% (${dice.integer(1, 900)}/${dice.integer(900, 2000)})`,
      ])(),
    );
    const failed = dice.integer(0, 3);
    const passed = dice.integer(5, 400);
    noise(dice.integer(4, 16), () =>
      dice.pick([
        () =>
          say`  ok ${dice.integer(1, 400)} - ${v.camel()} ${v.verb()}s ${v.qualifier()} ${v.noun()}s (${v.duration()})`,
        () => say`tests/test_${v.snake()}.py::test_${v.snake()} PASSED [${dice.integer(1, 99)}%]`,
        () => say`PASS ${v.path("test.ts")} (${dice.integer(1, 90)}.${dice.integer(0, 9)} s)`,
        () => say`--- PASS: Test${v.pascal()} (0.${dice.integer(0, 9)}${dice.integer(0, 9)}s)`,
      ])(),
    );
    for (let at = 0; at < failed; at++) {
      units.push(
        line(
          Rank.evidence,
          dice.pick([
            () => say`${time()}FAIL ${v.path("test.ts")} > ${v.camel()} > ${v.verb()}s ${v.noun()}s`,
            () => say`${time()}tests/test_${v.snake()}.py::test_${v.snake()} FAILED`,
            () =>
              say`${time()}##[error]${v.path("ts")}(${dice.integer(1, 900)},${dice.integer(1, 80)}): error TS${dice.integer(1000, 9999)}: Type '${v.pascal()}' is not assignable to type '${v.pascal()}'.`,
          ])(),
        ),
        line(
          Rank.important,
          say`${time()}  ${v.errorClass()}: expected ${dice.integer(0, 500)} ${detail`${v.noun()}s `}but received ${dice.integer(0, 500)}`,
        ),
      );
    }
    units.push(line(Rank.evidence, say`${time()}Tests: ${failed} failed, ${passed} passed, ${failed + passed} total`));
    noise(dice.integer(1, 4), () =>
      dice.pick([
        () => drop`Post job cleanup, removing temporary files and folders.`,
        () => say`Uploading artifact ${v.service()}-${v.hash(7)}.zip`,
        () => drop`Evaluating whether anything else is left to be done here`,
      ])(),
    );
    units.push(
      line(
        Rank.evidence,
        failed > 0
          ? say`${time()}##[error]Process completed with exit code ${dice.integer(1, 127)}.`
          : say`${time()}Job succeeded in ${v.duration()}`,
      ),
    );
    return units;
  },
};
