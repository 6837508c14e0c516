import { describe, expect, it } from "vitest";
import { compareFacts, type DifferenceName, differenceNames } from "../../../src/validate/score/compare-facts.js";

const question = "What happened?";
const found = (a: string, b: string): DifferenceName[] => {
  const { differences } = compareFacts(question, a, b);
  return differenceNames.filter(
    (name) => !/(?:missing|new|replaced)Words|Clauses/u.test(name) && differences[name] > 0,
  );
};

describe("compareFacts", () => {
  it.each([
    ["No data was lost on 4 May.", "On May 4, data was not lost."],
    ["Harlow bought Pinecrest.", "Pinecrest was bought by Harlow."],
    ["Backups are not encrypted.", "Backups are unencrypted."],
    ["Engine A is faster than engine B.", "Engine B is slower than engine A."],
    ["Drain the queue before stopping the workers.", "Stop the workers after draining the queue."],
  ])("finds nothing between %j and %j", (a, b) => {
    expect(found(a, b)).toEqual([]);
  });

  it.each<[DifferenceName, string, string]>([
    ["newNumbers", "It took 47 minutes.", "It took 74 minutes."],
    ["missingNames", "Ask Priya or Marcus first.", "Ask Priya first."],
    ["negation", "The job does not retry requests.", "The job does retry requests."],
    ["turnedOrder", "Harlow bought Pinecrest.", "Pinecrest bought Harlow."],
    ["swapped", "The cost is $5 in Rome and $9 in Oslo.", "The cost is $9 in Rome and $5 in Oslo."],
    ["turnedWords", "The board approved the plan.", "The board rejected the plan."],
    ["limits", "It keeps at least 3 copies.", "It keeps at most 3 copies."],
    ["hedging", "The cable is broken.", "The cable is probably broken."],
    ["refusal", "The port is 80.", "The text does not mention the port."],
    ["lead", "Yes, it works.", "No, it works."],
  ])("finds %s between %j and %j", (name, a, b) => {
    expect(found(a, b)).toContain(name);
  });

  it("counts one word for another in an otherwise equal text, and not a text in other words", () => {
    const replaced = (a: string, b: string) => compareFacts(question, a, b).differences.replacedWords;
    const text = "The outage was caused by an expired certificate on the payments gateway.";
    expect(replaced(text, text.replace("payments", "shipping"))).toBe(1);
    expect(replaced(text, "A certificate of the payments gateway had expired, which led to the outage.")).toBe(0);
  });

  it("finds no difference between a text and itself, whatever it is", () => {
    for (const text of ["", "No.", "在上海举行，不接受线上参加。", "x = 3; y != 4", "neither A nor B, only C"]) {
      const { differences } = compareFacts(question, text, text);
      expect(
        differenceNames.filter((name) => differences[name] !== 0),
        text,
      ).toEqual([]);
    }
  });
});
