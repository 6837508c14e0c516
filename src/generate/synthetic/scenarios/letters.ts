import type { Scenario } from "../make-pair.js";
import { type DraftUnit, detail, drop, line, paragraph, Rank, say } from "../say.js";
import { writeCourtesy, writeFact, writeSentences } from "./write-sentences.js";

/** Several mails in one digest. */
export const emailDigest: Scenario = {
  name: "email_digest",
  domain: "nl",
  write(dice, v) {
    const mails = dice.integer(2, 4);
    const units: DraftUnit[] = [
      line(
        Rank.noise,
        drop`Your daily digest: ${mails} conversations that you may have missed, lovingly collected for you`,
      ),
    ];
    for (let at = 0; at < mails; at++) {
      units.push(line(Rank.important, say`From: ${v.person()}${detail` <${v.email()}>`}`));
      units.push(line(Rank.ordinary, say`Subject: ${drop`Re: Re: `}${v.topic()}${detail`, ${v.date()}`}`));
      units.push(
        ...paragraph([...(dice.chance(0.7) ? [writeCourtesy(dice, v)] : []), ...writeSentences(dice, v, 2, 5)]),
      );
      units.push(line(Rank.noise, drop`With the very best regards and all good wishes, ${v.firstName()}`));
      if (dice.chance(0.4))
        units.push(
          line(
            Rank.noise,
            drop`This message and any attachments are confidential and intended for the recipient only.`,
          ),
        );
    }
    return units;
  },
};

/** Short news from several sources, which partly say the same. */
export const newsAggregate: Scenario = {
  name: "news_aggregate",
  domain: "nl",
  write(dice, v) {
    const units: DraftUnit[] = [];
    const items = dice.integer(3, 6);
    for (let at = 0; at < items; at++) {
      const company = v.company();
      const amount = v.amount();
      const headline = dice.pick([
        say`${company} buys ${v.company()} for ${amount} million`,
        say`${v.city()} ${v.verb()}s ${v.qualifier()} ${v.noun()} plan`,
        say`${company} recalls ${dice.integer(100, 90000)} ${v.noun()}s`,
        say`${v.person()} leaves ${company} after ${dice.integer(2, 30)} years`,
      ]);
      units.push(line(Rank.important, headline));
      units.push(
        line(
          Rank.noise,
          drop`By our staff, ${dice.integer(2, 9)} minutes to read, shared by a great many people so far`,
        ),
      );
      units.push(
        ...paragraph([
          ...writeSentences(dice, v, 1, 3),
          { ...writeFact(dice, v), rank: Rank.ordinary },
          ...(dice.chance(0.5)
            ? [
                {
                  rank: Rank.noise,
                  fragments: drop`${company} could not be reached for a comment at the time of writing, ${v.closer()}. `,
                },
              ]
            : []),
        ]),
      );
    }
    return units;
  },
};

/** Passages that a search found for a question: one or two answer it. */
export const ragContext: Scenario = {
  name: "rag_context",
  domain: "nl",
  write(dice, v) {
    const topic = v.topic();
    const units: DraftUnit[] = [line(Rank.evidence, say`Question: what was decided about ${topic}, and when?`)];
    const passages = dice.integer(3, 6);
    const answering = dice.integer(0, passages - 1);
    for (let at = 0; at < passages; at++) {
      units.push(
        line(Rank.ordinary, say`[${at + 1}] ${v.noun()}-${v.noun()}.md${detail` (score 0.${dice.integer(10, 99)})`}`),
      );
      const answer: DraftUnit = {
        rank: Rank.evidence,
        fragments: say`${drop`${v.filler()} `}${topic} was ${dice.pick(["approved", "rejected", "postponed", "cancelled"])} on ${v.date()}${detail` by ${v.person()}`}. `,
      };
      const around = writeSentences(dice, v, 2, 4).map((unit) => ({
        ...unit,
        rank: Math.min(unit.rank, Rank.ordinary),
      }));
      units.push(...paragraph(at === answering ? [...around.slice(0, 1), answer, ...around.slice(1)] : around));
    }
    return units;
  },
};
