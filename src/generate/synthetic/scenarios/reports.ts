import type { Scenario } from "../make-pair.js";
import { type DraftUnit, detail, drop, line, lines, paragraph, Rank, say } from "../say.js";
import { writeSentences } from "./write-sentences.js";

/** What happened in an incident, minute by minute, and why. */
export const devopsIncident: Scenario = {
  name: "devops_incident",
  domain: "mixed",
  write(dice, v) {
    const service = v.service();
    const units: DraftUnit[] = [
      line(
        Rank.evidence,
        say`INC-${dice.integer(100, 9999)}: ${service} ${dice.pick(["down", "slow", "losing messages", "returning 503"])} in ${v.region()}`,
      ),
      line(Rank.important, say`Severity: SEV${dice.integer(1, 4)}${detail`, started ${v.timestamp()}`}`),
      ...paragraph(writeSentences(dice, v, 1, 3)),
      ...lines(Rank.ordinary, ["Timeline"]),
    ];
    const events = dice.integer(5, 12);
    let minute = dice.integer(0, 24 * 60);
    for (let at = 0; at < events; at++) {
      minute += dice.integer(1, 40);
      const time = `${String(Math.floor(minute / 60) % 24).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")} `;
      units.push(
        dice.pick([
          () =>
            line(
              Rank.important,
              say`${time}${v.person()} ${drop`quickly `}rolled back ${v.service()} to ${v.version()}${detail` on ${dice.integer(2, 90)} nodes`}`,
            ),
          () =>
            line(
              Rank.important,
              say`${time}error rate at ${dice.integer(2, 99)}%${detail`, p99 ${dice.integer(200, 9000)} ms`}`,
            ),
          () =>
            line(
              Rank.noise,
              drop`${time}the team joined the call and everybody had a first look at the dashboards together`,
            ),
          () =>
            line(
              Rank.ordinary,
              say`${time}${v.service()} restarted ${dice.integer(2, 40)} times${drop`, ${v.closer()}`}`,
            ),
          () =>
            line(
              Rank.noise,
              drop`${time}a short update was posted to the channel in order to keep everyone in the loop`,
            ),
          () => line(Rank.ordinary, say`${time}alert ${v.pascal()} fired${detail` for ${v.address()}`}`),
        ])(),
      );
    }
    units.push(
      line(
        Rank.evidence,
        say`Root cause: ${drop`as it turned out in the end, `}${v.reason()}${detail` (${v.camel()} in ${v.path("go")})`}`,
      ),
    );
    units.push(
      ...dice.several(1, 3, () =>
        line(Rank.important, say`Follow-up: ${v.action()}${detail` (${v.person()})`} by ${v.date()}`),
      ),
    );
    units.push(
      line(Rank.noise, drop`This report will be kept up to date as soon as there is anything new to share with you.`),
    );
    return units;
  },
};

/** Steps of a person or an agent through web pages. */
export const browserSession: Scenario = {
  name: "browser_session",
  domain: "mixed",
  write(dice, v) {
    const units: DraftUnit[] = [
      line(
        Rank.evidence,
        say`Goal: ${drop`please be so kind as to `}find the ${v.qualifier()} ${v.noun()} of ${v.company()} and note its price`,
      ),
    ];
    const pages = dice.integer(2, 5);
    for (let page = 0; page < pages; page++) {
      units.push(line(Rank.important, say`Opened ${v.url()}${drop` and waited until everything had been loaded`}`));
      units.push(
        ...paragraph(
          writeSentences(dice, v, 1, 3).map((unit) => ({ ...unit, rank: Math.min(unit.rank, Rank.ordinary) })),
        ),
      );
      units.push(
        ...dice.several(1, 4, () =>
          line(
            Rank.noise,
            drop`${dice.pick(["Cookie banner accepted once again", "Advertisement: you will never guess what happened next", "Sign up to our newsletter and never miss a thing", "Scrolled down a little further to see more of the page"])}`,
          ),
        ),
      );
      units.push(
        ...dice.several(1, 4, () =>
          line(Rank.ordinary, say`Clicked "${v.verb()} ${v.noun()}"${detail` (button ${dice.integer(1, 90)})`}`),
        ),
      );
      if (dice.chance(0.4))
        units.push(line(Rank.evidence, say`Found: ${v.noun()} ${dice.integer(100, 9999)} at ${v.amount()}`));
    }
    units.push(
      line(Rank.important, say`Result: ${v.company()} sells the ${v.noun()} for ${v.amount()}${drop`, ${v.closer()}`}`),
    );
    return units;
  },
};
