import { denseTexts } from "./cases/dense-texts.js";
import { evidenceOfTools } from "./cases/evidence-lines.js";
import { keptShare } from "./cases/kept-share.js";
import { lineRanking } from "./cases/line-ranking.js";
import { mustKeepSurvival } from "./cases/must-keep-survival.js";
import { neededLines } from "./cases/needed-lines.js";
import { peerInputs } from "./cases/peer-inputs.js";
import { recovery } from "./cases/recovery.js";
import { wholeAnswers } from "./cases/whole-answers.js";
import { writersWords } from "./cases/writers-words.js";
import type { QualityCase } from "./quality-case.js";

/** The parts of the benchmark, in the order in which they run. */
export const qualityCases: readonly QualityCase[] = [
  writersWords,
  wholeAnswers,
  mustKeepSurvival,
  evidenceOfTools,
  peerInputs,
  neededLines,
  lineRanking,
  denseTexts,
  keptShare,
  recovery,
];
