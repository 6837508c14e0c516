import type { Dice } from "../dice.js";
import type { Scenario } from "../make-pair.js";
import { type DraftUnit, detail, drop, type Fragment, line, Rank, say } from "../say.js";
import { writeCourtesy, writeFact } from "./write-sentences.js";

/** A sentence as a line that somebody says. */
function spoken(speaker: readonly Fragment[], { fragments, rank }: DraftUnit): DraftUnit {
  return line(rank, say`${speaker}${fragments.slice(0, -1)}`);
}

function smallTalk(dice: Dice): string {
  return dice.pick([
    "haha yes",
    "good morning everyone!",
    "brb",
    "same here to be honest",
    "lol",
    "sounds good",
    "no worries at all",
    "hmm, let me think about that",
    "+1",
    "thanks a lot, really",
  ]);
}

/** Messages of a group, with times and small talk. */
export const chatHistory: Scenario = {
  name: "chat_history",
  domain: "nl",
  write(dice, v) {
    const people = dice.several(2, 4, () => v.firstName());
    return dice.several(8, 20, () => {
      const speaker = say`${detail`[${v.clock().slice(0, 5)}] `}${dice.pick(people)}: `;
      if (dice.chance(0.35))
        return line(Rank.noise, drop`${speaker.map(({ text }) => text).join("")}${smallTalk(dice)}`);
      return spoken(speaker, dice.chance(0.15) ? writeCourtesy(dice, v) : writeFact(dice, v));
    });
  },
};

/** Notes of a meeting: who was there, what was said, what was decided, who does what. */
export const meetingNotes: Scenario = {
  name: "meeting_notes",
  domain: "nl",
  write(dice, v) {
    const people = dice.several(3, 6, () => v.person());
    const units: DraftUnit[] = [
      line(Rank.important, say`${drop`Minutes of the weekly meeting about `}${v.topic()}, ${v.date()}`),
      line(Rank.ordinary, say`Present: ${people.join(", ")}${drop`, and a few others who joined a little later`}`),
    ];
    const turns = dice.integer(5, 14);
    for (let at = 0; at < turns; at++) {
      const speaker = say`${dice.pick(people).split(" ")[0]!}: `;
      units.push(spoken(speaker, dice.chance(0.35) ? writeCourtesy(dice, v) : writeFact(dice, v)));
    }
    units.push(
      ...dice.several(1, 3, () =>
        line(Rank.evidence, say`Decision: ${drop`after some discussion, `}${v.action()} before ${v.date()}`),
      ),
    );
    units.push(
      ...dice.several(1, 4, () =>
        line(
          Rank.evidence,
          say`Action: ${dice.pick(people)} to ${v.action()}${drop`, if at all possible,`} by ${v.date()}`,
        ),
      ),
    );
    units.push(
      line(Rank.noise, drop`The meeting was closed with thanks to everybody for the lively and fruitful discussion.`),
    );
    return units;
  },
};

/** What an agent said, did and saw so far. */
export const agentHistory: Scenario = {
  name: "agent_history",
  domain: "mixed",
  write(dice, v) {
    const units: DraftUnit[] = [
      line(
        Rank.evidence,
        say`user: ${drop`hi there, I was wondering whether you could help me out here: `}${v.verb()} the ${v.noun()} in ${v.path("ts")}${detail` without touching ${v.camel()}`}`,
      ),
    ];
    const steps = dice.integer(4, 9);
    for (let step = 0; step < steps; step++) {
      const path = v.path(dice.pick(["ts", "py", "yaml"]));
      units.push(
        line(
          Rank.noise,
          drop`assistant: ${dice.pick(["Sure,", "Great question!", "Perfect,", "Certainly,", "Thanks,"])} ${v.filler()} ${dice.pick(["let me have a careful look at this first", "I will start by exploring the code base", "I can now proceed with the next step", "that is very helpful to know"])}`,
        ),
      );
      units.push(
        line(
          Rank.ordinary,
          say`assistant: ${drop`I am going to `}${dice.pick(["read", "edit", "search", "run"])} ${path}${detail` lines ${dice.integer(1, 90)}-${dice.integer(91, 400)}`}`,
        ),
      );
      units.push(
        dice.pick([
          () =>
            line(
              Rank.ordinary,
              say`tool: ${path} ${dice.integer(20, 900)} lines, ${drop`everything was read without any problem, `}${v.camel()} calls ${v.camel()}`,
            ),
          () => line(Rank.evidence, say`tool: error ${v.errorClass()} in ${path}:${dice.integer(1, 900)}`),
          () =>
            line(
              Rank.important,
              say`tool: replaced ${v.camel()} with ${v.camel()} in ${dice.integer(1, 9)} places${drop`, the file was saved successfully`}`,
            ),
          () => line(Rank.noise, drop`tool: no output, which usually means that everything went fine`),
        ])(),
      );
    }
    units.push(
      line(
        Rank.important,
        say`assistant: ${drop`To summarize what we have so far: `}${v.camel()} still fails when ${v.reason()}${detail`; next ${v.action()}`}`,
      ),
    );
    return units;
  },
};
