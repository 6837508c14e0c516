import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CompressResult } from "../../../src/compress/types.js";
import { type AdaptiveChoice, chooseRate, openAdaptiveControl } from "../../../src/serve/adaptive/adaptive-control.js";
import { measureDensity } from "../../../src/serve/adaptive/measure-density.js";
import {
  addSample,
  emptyCurve,
  fitCurve,
  leastRate,
  mostRate,
  type RateCurve,
} from "../../../src/serve/adaptive/rate-curve.js";
import { openTestServer } from "../open-test-server.js";
import { makeProxyFolder } from "../proxy/open-test-proxy.js";

const loose =
  "It was not the first time that the old house on the hill had been sold to people from far away, and nobody minded.";
const dense = '{"id":17,"lease_ms":2500,"path":"/var/lib/app","state":"LEASE_EXPIRED"}';
const densityOf = (score: number) => ({ structureRatio: 0, technicalTerms: 0, wordsPerLine: 0, score });
const sample = fc.record({
  rate: fc.double({ min: 0.01, max: 1, noNaN: true }),
  lost: fc.double({ min: 0, max: 1, noNaN: true }),
});
const curveOf = (samples: readonly { rate: number; lost: number }[]): RateCurve =>
  samples.reduce((curve, { rate, lost }) => addSample(curve, rate, lost), emptyCurve());

describe("measureDensity", () => {
  it("tells dense text from loose, and is linear on anything", () => {
    expect(measureDensity(dense).score).toBeGreaterThan(0.7);
    expect(measureDensity(loose).score).toBeLessThan(0.2);
    expect(measureDensity("").score).toBe(0);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const { score } = measureDensity(text);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("the rate-distortion curve", () => {
  it("never rises with the rate, whatever the samples", () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 60 }), (samples) => {
        const fitted = fitCurve(curveOf(samples));
        for (const [at, distortion] of fitted.entries()) {
          expect(distortion).toBeGreaterThanOrEqual(0);
          expect(distortion).toBeLessThanOrEqual(1);
          if (at > 0) expect(distortion).toBeLessThanOrEqual(fitted[at - 1]! + 1e-12);
        }
      }),
    );
  });

  it("comes near to what was seen", () => {
    const samples = Array.from({ length: 200 }, (_, at) => ({ rate: 0.3 + (at % 5) / 10, lost: 0.6 - (at % 5) / 10 }));
    const fitted = fitCurve(curveOf(samples));
    expect(fitted[2]).toBeCloseTo(0.6, 1);
    expect(fitted[10]).toBeCloseTo(0.2, 1);
  });
});

describe("chooseRate", () => {
  it("is bounded, and never lower for denser text, a higher rate asked for, or worse feedback", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(sample, { maxLength: 40 }),
        share,
        share,
        share,
        share,
        share,
        (samples, one, two, three, four, worse) => {
          const curve = curveOf(samples);
          const rateAt = (score: number, asked: number, of = curve) =>
            chooseRate(densityOf(score), "log", asked, of).rate;
          const [low, high] = [Math.min(one, two), Math.max(one, two)];
          const [less, more] = [Math.min(three, four), Math.max(three, four)];
          expect(rateAt(high, less)).toBeGreaterThanOrEqual(rateAt(low, less));
          expect(rateAt(low, more)).toBeGreaterThanOrEqual(rateAt(low, less));
          const worsened = curveOf(samples.map(({ rate, lost }) => ({ rate, lost: lost + (1 - lost) * worse })));
          expect(rateAt(low, less, worsened)).toBeGreaterThanOrEqual(rateAt(low, less));
          for (const rate of [rateAt(low, less), rateAt(high, more)]) {
            expect(rate).toBeGreaterThanOrEqual(leastRate);
            expect(rate).toBeLessThanOrEqual(mostRate);
          }
        },
      ),
    );
  });

  it("moves up with bad answers, down with good ones, and says so", () => {
    const learned = (quality: number) => {
      const control = openAdaptiveControl(undefined);
      for (let time = 0; time < 40; time++) for (const rate of [0.3, 0.5, 0.7]) control.learn("prose", rate, quality);
      return control.choose(loose, "prose", 0.5);
    };
    const fresh = openAdaptiveControl(undefined).choose(loose, "prose", 0.5);
    expect(learned(0.3).rate).toBeGreaterThan(fresh.rate);
    expect(learned(1).rate).toBeLessThan(fresh.rate);
    expect(learned(1)).toMatchObject({
      asked: 0.5,
      start: fresh.start,
      samples: 120,
      reasons: [expect.any(String), expect.stringContaining("120 samples")],
    });
  });

  it("persists, is reset by kind or in all, and begins anew where its file is broken", () => {
    const folder = makeProxyFolder();
    const control = openAdaptiveControl(folder);
    for (const kind of ["log", "json"]) control.learn(kind, 0.5, 0.5);
    expect(openAdaptiveControl(folder).describe()).toEqual(control.describe());
    control.reset("log");
    expect(Object.keys(openAdaptiveControl(folder).describe())).toEqual(["json"]);
    control.reset();
    expect(openAdaptiveControl(folder).describe()).toEqual({});
    for (const broken of ["{", '{"log":{"weights":[1],"sums":[],"samples":0}}', "[]"]) {
      writeFileSync(join(folder, "rate-curves.json"), broken);
      expect(openAdaptiveControl(folder).describe()).toEqual({});
    }
  });
});

describe("adaptive over HTTP", () => {
  it("explains the rate in the result, and takes feedback", async () => {
    const server = await openTestServer();
    const text = Array.from({ length: 20 }, (_, row) => dense.replace("17", String(row))).join("\n");
    const ask = async () =>
      (
        (await (await server.post("/api/compress", { text, adaptive: true, rate: 0.5 })).json()) as {
          result: CompressResult & { adaptive: AdaptiveChoice };
        }
      ).result;
    const before = await ask();
    expect(before.adaptive).toMatchObject({ asked: 0.5, samples: 0 });
    expect(before.adaptive.rate).toBeGreaterThan(0.5);
    for (let time = 0; time < 20; time++) {
      const answer = await server.post("/api/feedback", { kind: before.kind, rate: before.rate, quality: 0.1 });
      expect(answer.status).toBe(200);
    }
    expect((await ask()).adaptive).toMatchObject({ samples: 20 });
    const { curves } = (await (await fetch(`${server.url}/api/adaptive`)).json()) as {
      curves: Record<string, { samples: number }>;
    };
    expect(curves[before.kind]!.samples).toBe(20);
    for (const wrong of [
      { kind: "poem", rate: 0.5, quality: 1 },
      { kind: "log", rate: 2, quality: 1 },
      { kind: "log", rate: 0.5 },
      [],
    ]) {
      expect((await server.post("/api/feedback", wrong)).status).toBe(400);
    }
    expect((await server.post("/api/compress", { messages: [], adaptive: true })).status).toBe(400);
    const { result } = (await (
      await server.post("/api/compress", { text: "a b c", budget: 2, adaptive: true })
    ).json()) as { result: object };
    expect(result).not.toHaveProperty("adaptive");
  });
});
