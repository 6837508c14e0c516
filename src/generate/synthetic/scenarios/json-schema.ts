import type { Scenario } from "../make-pair.js";
import { type DraftUnit, drop, line, lines, Rank, say } from "../say.js";

/** The schema of a tool or an API: types and limits matter, titles and descriptions mostly repeat the names. */
export const jsonSchema: Scenario = {
  name: "json_schema",
  domain: "code",
  write(dice, v) {
    const units: DraftUnit[] = lines(Rank.ordinary, ["{"]);
    if (dice.chance(0.6))
      units.push(line(Rank.noise, say`  "$schema": "https://json-schema.org/draft/2020-12/schema",`));
    units.push(
      line(Rank.important, say`  "title": "${v.pascal()}",`),
      ...lines(Rank.ordinary, ['  "type": "object",', '  "properties": {']),
    );
    const names = dice.several(4, 9, () => v.snake());
    for (const name of names) {
      const words = name.replaceAll("_", " ");
      const type = dice.pick(["string", "integer", "number", "boolean", "array"]);
      units.push(line(Rank.important, say`    "${name}": {`), line(Rank.important, say`      "type": "${type}",`));
      units.push(line(Rank.noise, drop`      "title": "The ${words}",`));
      units.push(
        line(
          Rank.noise,
          say`      "description": "This field holds the ${words} of the object, ${v.closer()}; the ${v.noun()} to ${v.verb()}",`,
        ),
      );
      if (type === "integer" || type === "number")
        units.push(line(Rank.important, say`      "maximum": ${dice.integer(1, 99999)},`));
      if (type === "string" && dice.chance(0.5))
        units.push(
          line(Rank.important, say`      "enum": ["${dice.several(2, 5, () => v.qualifier()).join('", "')}"],`),
        );
      if (dice.chance(0.5))
        units.push(line(Rank.noise, drop`      "examples": ["${v.noun()}", "another ${v.noun()} of the same kind"],`));
      units.push(line(Rank.noise, drop`      "deprecated": false`), line(Rank.noise, say`    },`));
    }
    units.push(
      line(Rank.evidence, say`  "required": ["${dice.sample(names, 2).join('", "')}"]`),
      ...lines(Rank.ordinary, ["}"]),
    );
    return units;
  },
};
