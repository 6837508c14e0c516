import type { Scenario } from "../make-pair.js";
import { type DraftUnit, detail, drop, line, Rank, say } from "../say.js";
import { extensions, languages, writeSignature, writeStatement } from "./write-code.js";

/** Review comments on a change: what is wrong where, with courtesies around it. */
export const codeReview: Scenario = {
  name: "code_review",
  domain: "mixed",
  write(dice, v) {
    const language = dice.pick(languages);
    const units: DraftUnit[] = [];
    units.push(
      line(
        Rank.important,
        say`Pull request #${dice.integer(3, 9000)}: ${v.verb()} ${v.qualifier()} ${v.noun()}s in ${v.pascal()}`,
      ),
    );
    units.push(
      line(
        Rank.noise,
        drop`Opened by ${v.firstName()} and still waiting for review, like so many others at the moment`,
      ),
    );
    const comments = dice.integer(3, 7);
    for (let at = 0; at < comments; at++) {
      units.push(
        line(Rank.ordinary, say`${v.path(extensions[language])}:${dice.integer(1, 900)}${detail` (${v.firstName()})`}`),
      );
      if (dice.chance(0.6))
        units.push(
          line(
            Rank.noise,
            say`>     ${dice.chance(0.3) ? writeSignature(language, dice, v) : writeStatement(language, dice, v)}`,
          ),
        );
      units.push(
        dice.pick([
          () =>
            line(
              Rank.important,
              say`${drop`${v.filler()} I think that `}${v.camel()} ${drop`really `}must not ${v.verb()} the ${v.noun()} ${detail`while the ${v.qualifier()} ${v.noun()} is still open`}`,
            ),
          () =>
            line(
              Rank.important,
              say`${drop`Thanks a lot for this, it looks very nice overall! `}This leaks the ${v.noun()} when ${v.camel()} throws ${v.errorClass()}${drop`, ${v.closer()}`}`,
            ),
          () =>
            line(
              Rank.noise,
              drop`nit: maybe a slightly better name for this one, but feel free to ignore me, it is only a matter of taste`,
            ),
          () =>
            line(
              Rank.important,
              say`Blocking: ${detail`with more than ${dice.integer(2, 5000)} ${v.noun()}s `}this is quadratic; ${v.verb()} the ${v.noun()}s once${drop`, if that is not too much trouble`}`,
            ),
          () =>
            line(
              Rank.important,
              say`${drop`${v.filler()} `}why is the timeout ${dice.integer(1, 900)} and not ${v.snake().toUpperCase()}?${detail` See ${v.url()}`}`,
            ),
          () =>
            line(
              Rank.noise,
              drop`${dice.pick(["Nice!", "Looks good to me here.", "Great catch, thank you so much for taking the time.", "Love this part, well done."])}`,
            ),
        ])(),
      );
    }
    units.push(
      line(
        Rank.evidence,
        say`${dice.pick(["Changes requested", "Approved with changes"])}: ${dice.integer(1, 6)} comments must be resolved ${detail`before the merge`}`,
      ),
    );
    return units;
  },
};
