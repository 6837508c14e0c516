import type { Scenario } from "../make-pair.js";
import { type DraftUnit, detail, drop, line, lines, Rank, say } from "../say.js";
import { extensions, languages, writeComment, writeSignature, writeStatement } from "./write-code.js";

/** A person asks why code fails: the code, the error, what was tried. */
export const codeDebug: Scenario = {
  name: "code_debug",
  domain: "code",
  write(dice, v) {
    const language = dice.pick(languages);
    const path = v.path(extensions[language]);
    const failing = dice.integer(10, 400);
    const functionUnits = () => [
      line(Rank.important, say`${writeSignature(language, dice, v)}`),
      ...dice.several(2, 6, () =>
        dice.chance(0.25)
          ? line(Rank.noise, say`    ${writeComment(language, dice, v)}`)
          : line(Rank.ordinary, say`    ${writeStatement(language, dice, v)}`),
      ),
      ...(language === "python" ? [] : lines(Rank.noise, ["}"])),
      ...lines(Rank.noise, [""]),
    ];
    const units: DraftUnit[] = [
      line(
        Rank.important,
        say`${drop`${v.filler()} I have been looking at this for quite a while now. `}${path} fails ${detail`since ${v.version()} `}when the ${v.noun()} is ${v.qualifier()}${drop`, ${v.closer()}`}`,
      ),
      ...lines(Rank.noise, [""]),
      ...dice.several(1, 3, functionUnits).flat(),
      line(
        Rank.evidence,
        say`${v.errorClass()}: ${v.noun()} ${dice.integer(1, 99999)} is not ${v.qualifier()} (${path}:${failing})`,
      ),
      ...dice.several(2, 5, () =>
        line(Rank.ordinary, say`    at ${v.camel()} (${v.path(extensions[language])}:${dice.integer(1, 900)})`),
      ),
      line(Rank.noise, drop`${v.filler()} I already tried to turn it off and on again, ${v.closer()}`),
      line(
        Rank.important,
        say`${drop`What I would like to know is basically this: `}why does ${v.camel()} not ${v.verb()} the ${v.noun()}?`,
      ),
    ];
    return units;
  },
};
