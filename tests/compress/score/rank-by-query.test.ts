import { expect, test } from "vitest";
import { rankByQuery } from "../../../src/compress/score/rank-by-query.js";

test("the passage with the query's rare words ranks first, one without any has nothing", () => {
  const passages = [
    "The committee met on Monday.",
    "The capital of Norway is Oslo.",
    "Norway has a long coast.",
    "The capital was moved by the committee, and the capital grew.",
  ];
  const ranks = rankByQuery(passages, "What is the capital of Norway?");
  expect(ranks[1]).toBe(1);
  expect(ranks[0]).toBe(0);
  expect(ranks[2]).toBeGreaterThan(0);
  expect(ranks[3]).toBeGreaterThan(0);
});

test("inflected words and the parts of names match", () => {
  expect(rankByQuery(["retries are counted", "nothing here"], "how often is it retried")[0]).toBe(1);
  expect(rankByQuery(["const x = getUserName(id)", "const y = 1"], "user name")[0]).toBe(1);
  expect(rankByQuery(["x = load_user_config()", "y = 1"], "config of the user")[0]).toBe(1);
});

test("a rare word counts more than a frequent one, a short passage more than a long one", () => {
  const ranks = rankByQuery(["alpha common", "common word", "common thing", "common place"], "alpha common");
  expect(ranks[0]).toBe(1);
  expect(ranks[1]).toBeLessThan(0.5);
  const lengths = rankByQuery(["needle", `needle ${"hay ".repeat(50)}`], "needle");
  expect(lengths[0]).toBeGreaterThan(lengths[1]!);
});

test("a quoted phrase ranks as the best there is", () => {
  const ranks = rankByQuery(["the slow path", "slow is the path", "path"], 'where is the "slow path"');
  expect(ranks[0]).toBe(1);
});

test("scripts without spaces match by pairs of characters", () => {
  const ranks = rankByQuery(["连接数据库超时", "一切正常"], "数据库");
  expect([...ranks]).toEqual([1, 0]);
});

test("no passages and an empty query are fine", () => {
  expect(rankByQuery([], "x")).toHaveLength(0);
  expect([...rankByQuery(["a b", ""], "")]).toEqual([0, 0]);
});
