// Scores a split with a keep model, through the engine and the code that compress() runs, in the form that evaluate.py reads:
//   node scripts/keep/score-encoder.js --model models/keep --in build/keep/dev.jsonl --out build/keep/encoder.jsonl (after `npm run build`)
// --answers: how far the answers' output lifts a word, in log-odds.
import { createReadStream, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { modelOutputs, outputCount } from "../../dist/compress/score/keep-model/model-outputs.js";
import { openKeepModel } from "../../dist/compress/score/keep-model/open-keep-model.js";
import { scoreTexts } from "../../dist/compress/score/keep-model/score-texts.js";

const { values } = parseArgs({
  options: {
    model: { type: "string", default: "models/keep" },
    in: { type: "string", default: "build/keep/dev.jsonl" },
    out: { type: "string", default: "build/keep/encoder.jsonl" },
    answers: { type: "string", default: "0" },
    sources: { type: "string", default: "pairs,qa,tool_outputs,agent_history,code_problems,meetings" },
  },
});
const sources = new Set(values.sources.split(","));
const tokenOfKind = { nl: "prose", code: "code", tool: "log" };
const model = await openKeepModel(values.model, "auto");
const rows = [];
for await (const line of createInterface({ input: createReadStream(values.in) })) {
  const record = JSON.parse(line);
  if (sources.has(record.source)) rows.push(await scoreRecord(record));
}
writeFileSync(values.out, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
await model.engine.dispose();
console.log(`${rows.length} records in ${values.out}`);

async function scoreRecord(record) {
  const { id, text, kind, words, lines } = record;
  const scoreAt = async (tenths) => (await scoreTexts(model, [{ text, kind: tokenOfKind[kind], tenths }]))[0];
  const toUnits = unitsOfPoints(text);
  const row = { id };
  if (record.keep !== undefined || record.answer !== undefined) {
    row.scores = {};
    for (const rate of [0.3, 0.5, 0.7]) {
      const scored = await scoreAt(Math.round(rate * 10));
      const keep = spread(scored, words, toUnits, modelOutputs.keep);
      const answer = spread(scored, words, toUnits, modelOutputs.answer);
      row.scores[rate] = keep.map((logit, at) => round(logit + Number(values.answers) * answer[at]));
      if (rate === 0.5) row.outputs = { keep: keep.map(round), answer: answer.map(round) };
    }
  }
  if (lines?.length > 0) row.lines = spread(await scoreAt(5), lines, toUnits, modelOutputs.line).map(round);
  return row;
}

/** An output's mean over the model's words that begin in each span (in code points); a little below the lowest where none does. */
function spread({ words, logits }, spans, toUnits, output) {
  let lowest = 0;
  for (let word = 0; word < words.length; word++) lowest = Math.min(lowest, logits[word * outputCount + output]);
  let word = 0;
  return spans.map(([start, end]) => {
    const [from, to] = [toUnits(start), toUnits(end)];
    let sum = 0;
    let count = 0;
    while (word < words.length && words[word].start < to) {
      if (words[word].end > from) {
        sum += logits[word * outputCount + output];
        count++;
      }
      // A word that reaches into the next span speaks for both.
      if (words[word].end > to) break;
      word++;
    }
    return count === 0 ? lowest - 1 : sum / count;
  });
}

/** From code points, in which labels are counted, to UTF-16 code units. */
function unitsOfPoints(text) {
  if (!/[\ud800-\udbff]/.test(text)) return (point) => point;
  const starts = [0];
  for (const character of text) starts.push(starts.at(-1) + character.length);
  return (point) => starts[Math.min(point, starts.length - 1)];
}

function round(value) {
  return Math.round(value * 1000) / 1000;
}
