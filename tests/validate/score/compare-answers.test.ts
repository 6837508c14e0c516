import { describe, expect, it } from "vitest";
import { matchesAnswer } from "../../../src/validate/score/compare-answers.js";

describe("matchesAnswer", () => {
  it.each([
    ["29", "36 apples minus 7 leaves twenty-nine apples."],
    ["77.14 km/h", "270 / 3.5 ≈ 77.1 km/h"],
    ["1 March 2024", "It ends on 2024-03-01, because February 2024 has 29 days."],
    ["11/36", "1 - 25/36 = 11/36, that is about 0.306."],
    ["Carla", "The order is Carla, Ben, Ana; Carla is left of Ben."],
    ["no", "Lou says that Kim lies. So no, Kim is not telling the truth."],
  ])("%s: %s", (expected, answer) => {
    expect(matchesAnswer(expected, answer)).toBe(true);
  });

  it.each([
    ["29", "36 - 7 = 28. The answer is 28."],
    ["5", "18 take maths and 5 take both, so 35 are too many."],
    ["77.14 km/h", "The speed is 77.1 m/s."],
    ["Carla", "The order is Ana, Ben, Carla, so Ana sits left of Ben."],
    ["$100", "So the original price was $96."],
  ])("not %s: %s", (expected, answer) => {
    expect(matchesAnswer(expected, answer)).toBe(false);
  });
});
