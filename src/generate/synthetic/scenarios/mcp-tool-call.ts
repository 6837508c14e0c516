import type { Dice } from "../dice.js";
import type { Scenario } from "../make-pair.js";
import { type DraftUnit, detail, drop, line, Rank, say } from "../say.js";
import type { Vocabulary } from "../vocabulary/vocabulary.js";

/** A tool's call and its answer, as an agent's history holds them. */
export const mcpToolCall: Scenario = {
  name: "mcp_tool_call",
  domain: "mixed",
  write(dice, v) {
    const units: DraftUnit[] = [];
    const calls = dice.integer(1, 3);
    for (let call = 0; call < calls; call++) {
      const tool = `${v.verb()}_${v.noun()}${dice.chance(0.5) ? "s" : ""}`;
      units.push(
        line(
          Rank.noise,
          drop`I will now go ahead and call the next tool in order to find out more about the ${v.noun()} in question.`,
        ),
      );
      units.push(
        line(
          Rank.important,
          say`{"method": "tools/call", "params": {"name": "${tool}", "arguments": ${writeArguments(dice, v)}}${detail`, "jsonrpc": "2.0", "id": ${dice.integer(1, 999)}`}}`,
        ),
      );
      const records = dice.integer(3, 9);
      for (let record = 0; record < records; record++) units.push(line(Rank.ordinary, say`${writeRecord(dice, v)}`));
      if (dice.chance(0.4))
        units.push(
          line(
            Rank.evidence,
            say`{"isError": true, "content": [{"type": "text", "text": "${v.errorClass()}: ${v.noun()} ${dice.integer(1, 99999)} is not ${v.qualifier()}"}]}`,
          ),
        );
      else
        units.push(
          line(
            Rank.important,
            say`{"isError": false, "total": ${dice.integer(10, 9999)}, "nextCursor": "${v.hash(12)}"}`,
          ),
        );
    }
    return units;
  },
};

function writeArguments(dice: Dice, v: Vocabulary): string {
  return `{"${v.snake()}": "${v.noun()}", "limit": ${dice.integer(1, 500)}, "${v.snake()}": ${dice.chance(0.5)}}`;
}

/** One JSON record. */
export function writeRecord(dice: Dice, v: Vocabulary): string {
  const fields = dice.sample(
    [
      `"name": "${v.snake()}"`,
      `"status": "${v.qualifier()}"`,
      `"amount": ${dice.integer(1, 99999)}`,
      `"owner": "${v.email()}"`,
      `"region": "${v.region()}"`,
      `"${v.snake()}": "${v.date()}"`,
      `"${v.snake()}": ${dice.pick(["null", "true", "false", "[]"])}`,
      `"description": "${v.qualifier()} ${v.noun()}, ${v.closer()}"`,
      `"links": {"self": "${v.url()}", "next": null}`,
      `"updated": "${v.timestamp()}"`,
    ],
    dice.integer(3, 6),
  );
  return `{"id": ${dice.integer(1, 99999)}, ${fields.join(", ")}}`;
}
