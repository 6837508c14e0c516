import { describe, expect, it } from "vitest";
import { compress } from "../../../src/index.js";
import { scriptModel } from "./scripted-model.js";

const meeting = `Thank you all for coming to the meeting this morning, it was really good to see so many of you in the room again. As some of you may remember, we had a long
discussion about the billing service, and in the end we decided to move it from the old cluster to the new cluster in Frankfurt on 14 March.
The main reason for this decision is that the old cluster does not receive security patches any more. Maria will prepare the runbook.
`;
const rewrite =
  "Decided: billing service moves old → new cluster in Frankfurt on 14 March, as old cluster does not receive security patches. Maria: runbook.";

describe("mode abstractive", () => {
  it("puts a model's rewrite in the place of the extractive text", async () => {
    const model = scriptModel(() => rewrite);
    const result = await compress(meeting, { mode: "abstractive", model, kind: "prose" });
    expect(result.text).toBe(`${rewrite}\n`);
    expect(result).toMatchObject({
      decision: "compressed",
      loss: "lossy",
      engine: "cpu",
      model: "/models/scripted",
      scorer: "none",
      warnings: [],
      segments: [
        { rewritten: true, loss: "lossy", omitted: [{ start: 0, end: meeting.length, what: "passages", count: 1 }] },
      ],
    });
    expect(result.timings).toHaveProperty("rewrite");
    expect(model.disposals).toBe(0);
  });
});
