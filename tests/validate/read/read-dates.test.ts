import { describe, expect, it } from "vitest";
import { readDates, sameDate } from "../../../src/validate/read/read-dates.js";

describe("readDates", () => {
  it.each([
    ["14 March 2024", "date:2024-03-14"],
    ["March 14, 2024", "date:2024-03-14"],
    ["2024-03-14", "date:2024-03-14"],
    ["14.03.2024", "date:2024-03-14"],
    ["14. März 2024", "date:2024-03-14"],
    ["9 de abril", "date:-04-09"],
    ["10월 4일", "date:-10-04"],
    ["3月12日", "date:-03-12"],
    ["5 мая", "date:-05-05"],
    ["March 2021", "date:2021-03-"],
    ["at 9:05", "time:09:05"],
    ["open from June", "date:-06-"],
  ])("reads %j as %s", (text, key) => {
    expect(readDates(text).map((reading) => reading.key)).toEqual([key]);
  });

  it("takes `may` and `march` for verbs in lower case", () => {
    expect(readDates("It may rain while they march.")).toEqual([]);
  });

  it("compares the parts that both dates name", () => {
    expect(sameDate("date:2024-03-14", "date:-03-14")).toBe(true);
    expect(sameDate("date:2024-03-14", "date:2023-03-14")).toBe(false);
    expect(sameDate("date:-03-14", "date:-03-15")).toBe(false);
  });
});
