import type { Scenario } from "../make-pair.js";
import { type DraftUnit, drop, line, lines, Rank, say } from "../say.js";
import { writeRecord } from "./mcp-tool-call.js";

/** What a tool gives an agent: a status, a listing or records, hints that nobody asked for. */
export const toolResult: Scenario = {
  name: "tool_result",
  domain: "mixed",
  write(dice, v) {
    const units: DraftUnit[] = [];
    units.push(
      line(
        Rank.noise,
        drop`${v.filler()} the tool ran and this is its output, shown below in full for your convenience:`,
      ),
    );
    const body = dice.integer(0, 3);
    const count = dice.integer(6, 22);
    for (let at = 0; at < count; at++) {
      if (body === 0) units.push(line(Rank.ordinary, say`${writeRecord(dice, v)}`));
      else if (body === 1)
        units.push(
          line(
            dice.chance(0.2) ? Rank.important : Rank.ordinary,
            say`${v.service()}-${v.hash(5)}   ${dice.pick(["1/1", "0/1", "2/2"])}   ${dice.pick(["Running", "Running", "Pending", "Completed", "CrashLoopBackOff"])}   ${dice.integer(0, 40)}   ${dice.integer(1, 90)}d`,
          ),
        );
      else if (body === 2)
        units.push(
          line(
            Rank.ordinary,
            say`${dice.pick(["M", "A", "D", "??"])} ${v.path(dice.pick(["ts", "py", "md", "json"]))}`,
          ),
        );
      else
        units.push(
          line(Rank.ordinary, say`${v.address()} ${v.service()} ${dice.integer(200, 504)} ${dice.integer(1, 9000)}ms`),
        );
      if (dice.chance(0.15))
        units.push(
          line(
            Rank.noise,
            drop`  hint: there is more to see with the verbose option, if you are interested in such things`,
          ),
        );
    }
    if (dice.chance(0.5))
      units.push(
        line(Rank.evidence, say`error: ${v.noun()} ${v.snake()} not found (exit code ${dice.integer(1, 130)})`),
      );
    else units.push(line(Rank.important, say`${count} ${v.noun()}s in ${v.duration()}`));
    units.push(
      ...lines(
        Rank.noise,
        dice.chance(0.5) ? [""] : ["", "Run with --help to see everything else that this tool can do for you"],
      ),
    );
    return units;
  },
};
