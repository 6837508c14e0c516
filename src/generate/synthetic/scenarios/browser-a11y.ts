import type { Scenario } from "../make-pair.js";
import { type DraftUnit, drop, line, Rank, say } from "../say.js";

/** An accessibility snapshot of a page: what can be acted on matters, decoration does not. */
export const browserA11y: Scenario = {
  name: "browser_a11y",
  domain: "mixed",
  write(dice, v) {
    const title = `${v.company()} ${v.noun()}s`;
    let reference = dice.integer(1, 40);
    const next = () => `e${reference++}`;
    const units: DraftUnit[] = [
      line(Rank.important, say`- Page URL: ${v.url()}`),
      line(Rank.ordinary, say`- document "${title}" [ref=${next()}]:`),
      line(Rank.noise, say`  - banner [ref=${next()}]:`),
    ];
    const decoration = () =>
      dice.pick([
        () => say`    - img "decorative picture" [ref=${next()}]`,
        () => say`    - generic [ref=${next()}]`,
        () => drop`    - text: Welcome back, it is so good to see you here again today`,
        () => say`    - separator [ref=${next()}]`,
        () => drop`    - text: We use cookies to make this site work better for everyone`,
        () => say`    - link "Skip to content" [ref=${next()}]`,
      ])();
    const control = () =>
      dice.pick([
        () =>
          line(
            Rank.important,
            say`    - button "${v.verb()} ${v.noun()}" [ref=${next()}]${dice.chance(0.2) ? " [disabled]" : ""}`,
          ),
        () =>
          line(
            Rank.important,
            say`    - textbox "${v.noun()} ${v.noun()}" [ref=${next()}]: ${dice.chance(0.5) ? v.email() : ""}`,
          ),
        () =>
          line(
            Rank.important,
            say`    - combobox "${v.qualifier()} ${v.noun()}" [ref=${next()}] [expanded=${dice.pick(["true", "false"])}]`,
          ),
        () => line(Rank.ordinary, say`    - link "${v.noun()} ${dice.integer(1, 999)}" [ref=${next()}]`),
        () =>
          line(
            Rank.ordinary,
            say`    - heading "${v.noun()} ${v.noun()}" [level=${dice.integer(1, 4)}] [ref=${next()}]`,
          ),
        () => line(Rank.ordinary, say`    - row "${v.person()} ${v.amount()} ${v.qualifier()}" [ref=${next()}]`),
      ])();
    units.push(
      ...dice.several(2, 6, () => line(Rank.noise, decoration())),
      line(Rank.noise, say`  - main [ref=${next()}]:`),
    );
    units.push(...dice.several(5, 18, () => (dice.chance(0.35) ? line(Rank.noise, decoration()) : control())));
    if (dice.chance(0.4))
      units.push(line(Rank.evidence, say`    - alert: ${v.noun()} ${dice.integer(1, 9999)} could not be saved`));
    units.push(...dice.several(2, 7, () => line(Rank.noise, decoration())));
    return units;
  },
};
