import type { Scenario } from "../make-pair.js";
import { type DraftUnit, detail, drop, line, lines, Rank, say } from "../say.js";

/** What a database says: a query, its rows or its plan, and how long it took. */
export const dbQuery: Scenario = {
  name: "db_query",
  domain: "mixed",
  write(dice, v) {
    const table = `${v.noun()}_${v.noun()}s`;
    const columns = ["id", ...dice.several(2, 4, () => v.snake())];
    const units: DraftUnit[] = [
      line(Rank.noise, drop`Here is what came back from the database for the query that was run just now:`),
      line(
        Rank.important,
        say`SELECT ${columns.join(", ")} FROM ${table} ${dice.chance(0.5) ? say`JOIN ${v.snake()} USING (${v.snake()}) ` : say``}WHERE ${v.snake()} ${dice.pick([">", "<", "="])} ${dice.integer(1, 9000)}${detail` ORDER BY ${v.snake()} DESC`} LIMIT ${dice.integer(10, 500)};`,
      ),
    ];
    if (dice.chance(0.45)) {
      units.push(...lines(Rank.noise, ["QUERY PLAN", "-".repeat(dice.integer(20, 70))]));
      const steps = dice.integer(3, 8);
      for (let step = 0; step < steps; step++) {
        const slow = dice.chance(0.25);
        const node = dice.pick([
          "Seq Scan",
          "Index Scan",
          "Bitmap Heap Scan",
          "Hash Join",
          "Nested Loop",
          "Sort",
          "Aggregate",
          "Materialize",
        ]);
        units.push(
          line(
            slow ? Rank.important : Rank.ordinary,
            say`${" ".repeat(step * 2)}->  ${node} on ${v.snake()}${detail`  (cost=${dice.integer(0, 90)}.${dice.integer(10, 99)}..${dice.integer(100, 99999)}.00 rows=${dice.integer(1, 99999)} width=${dice.integer(4, 400)})`} (actual time=${dice.integer(0, 900)}.${dice.integer(100, 999)} rows=${dice.integer(0, 99999)})`,
          ),
        );
        if (dice.chance(0.4))
          units.push(line(Rank.noise, say`${" ".repeat(step * 2 + 6)}Filter: (${v.snake()} = '${v.qualifier()}')`));
        if (slow)
          units.push(
            line(Rank.noise, say`${" ".repeat(step * 2 + 6)}Rows Removed by Filter: ${dice.integer(1000, 999999)}`),
          );
      }
      units.push(line(Rank.evidence, say`Execution Time: ${dice.integer(1, 9000)}.${dice.integer(100, 999)} ms`));
      return units;
    }
    units.push(
      line(Rank.important, say` ${columns.join(" | ")}`),
      line(Rank.noise, say`${"-".repeat(10)}+${"-".repeat(18)}+${"-".repeat(14)}`),
    );
    const rows = dice.integer(5, 25);
    const cell = () =>
      dice.pick([
        () => v.qualifier(),
        () => String(dice.integer(1, 99999)),
        () => v.date(),
        () => v.email(),
        () => "NULL",
        () => v.amount(),
      ])();
    for (let row = 0; row < rows; row++)
      units.push(line(Rank.ordinary, say` ${dice.integer(1, 99999)} | ${columns.slice(1).map(cell).join(" | ")}`));
    units.push(
      line(Rank.evidence, say`(${rows} rows)`),
      line(Rank.noise, drop`The connection was closed normally and the session has been returned to the pool`),
    );
    return units;
  },
};
