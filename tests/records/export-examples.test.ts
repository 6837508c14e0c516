import { describe, expect, it } from "vitest";
import { loadPrompts } from "../../src/compress/abstractive/prompts.js";
import { askForRewrite } from "../../src/compress/abstractive/render-prompt.js";
import { compress } from "../../src/compress/compress.js";
import { createTextRules } from "../../src/compress/text/create-text-rules.js";
import { exportExample } from "../../src/records/export-examples.js";
import { scriptModel } from "../compress/abstractive/scripted-model.js";
import { makePair } from "./make-pair.js";

const prose =
  `The deployment of the billing service was postponed again last week, mainly because the staging database had not been migrated in time.
Anna explained that the migration needs about 40 minutes and that it must not run while the nightly export is active. `.repeat(
    3,
  );

describe("exportExample", () => {
  it("asks exactly as the abstractive mode asks at run time", async () => {
    const model = scriptModel(() => "Nothing of use.");
    await compress(prose, { mode: "abstractive", model, kind: "prose", rate: 0.5 });
    const { messages, target, text } = model.asked[0]!;
    expect(messages.length).toBe(2);

    const prompts = await loadPrompts();
    const rules = createTextRules({ mustKeep: [], query: undefined });
    const pair = makePair({
      id: "a",
      verbose: `\n${text}\n`,
      compressed: "Short.\n",
      tokens: { verbose: 200, compressed: target },
    });
    const example = exportExample(pair, ({ domain, verbose, tokens }) =>
      askForRewrite(prompts[domain], verbose, tokens.compressed, rules),
    );
    expect(example.messages.slice(0, 2)).toEqual(messages);
    expect(example.messages[2]).toEqual({ role: "assistant", content: "Short." });
  });
});
