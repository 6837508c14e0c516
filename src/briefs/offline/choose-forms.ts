import type { PlannedLine } from "./plan-lines.js";

/** What to keep: how many tokens in all, and the share of the kernels that has to stay whatever that costs. */
export interface Aim {
  readonly tokens: number;
  /** 0 to 1. Of less than all kernels, the shortest stay first. */
  readonly kernelShare: number;
}

/** For each line the index of the form that it is written in, or -1 where it is left out. */
export type Choice = number[];

interface Step {
  readonly line: number;
  readonly form: number;
  readonly cost: number;
  readonly worth: number;
}

/** Weighs what a kernel's own words are worth against words that explain. */
const kernelWeight = 3;

/**
 * Chooses what to write: kernels in their shortest form first, then the steps worth most a token, until the aim is reached. The
 * same lines and aim give the same choice.
 */
export function chooseForms(lines: readonly PlannedLine[], aim: Aim): Choice {
  const choice: Choice = lines.map(() => -1);
  let left = aim.tokens;
  const take = ({ line, form, cost }: Step) => {
    choice[line] = form;
    left -= cost;
  };
  for (const index of chooseKernels(lines, aim.kernelShare)) take(stepTo(lines, choice, index, 0));
  left -= headingTokens(lines);
  // Two rounds: what is left out comes in first, then what stands is written out further.
  for (const round of [0, 1]) {
    for (const step of listSteps(lines, choice, round)) if (step.cost <= left) take(step);
  }
  return choice;
}

/** Lines with kernels, the shortest first, as many as the share asks for. */
function chooseKernels(lines: readonly PlannedLine[], share: number): number[] {
  const indexes = lines.flatMap(({ kernel }, index) => (kernel === undefined ? [] : [index]));
  const wanted = Math.ceil(indexes.length * share);
  if (wanted === indexes.length) return indexes;
  const tokens = (index: number) => lines[index]!.forms[0]!.tokens;
  return indexes.sort((left, right) => tokens(left) - tokens(right) || left - right).slice(0, wanted);
}

/** Forces a line in, in its fullest form: for a kernel that the written text lacks. */
export function restoreLine(choice: Choice, lines: readonly PlannedLine[], index: number): Choice {
  return choice.map((form, line) => (line === index ? lines[index]!.forms.length - 1 : form));
}

function listSteps(lines: readonly PlannedLine[], choice: Choice, round: number): Step[] {
  const steps = lines.flatMap((line, index) => {
    const form = choice[index]!;
    if (line.statement.form === "heading" || line.isRepeat || form >= line.forms.length - 1) return [];
    if ((round === 0) !== (form === -1)) return [];
    return [stepTo(lines, choice, index, form + 1)];
  });
  return steps.sort((left, right) => right.worth / right.cost - left.worth / left.cost || left.line - right.line);
}

function stepTo(lines: readonly PlannedLine[], choice: Choice, line: number, form: number): Step {
  const { forms, kernel } = lines[line]!;
  const now = choice[line]! === -1 ? undefined : forms[choice[line]!];
  const next = forms[form]!;
  const weight = kernel === undefined || now !== undefined ? 1 : kernelWeight;
  return {
    line,
    form,
    cost: Math.max(1, next.tokens - (now?.tokens ?? 0)),
    worth: weight * (next.worth - (now?.worth ?? 0)),
  };
}

/** About what the headings over kernels cost. */
function headingTokens(lines: readonly PlannedLine[]): number {
  let open: PlannedLine | undefined;
  let sum = 0;
  for (const line of lines) {
    if (line.statement.form === "heading") open = line;
    else if (line.kernel !== undefined && open !== undefined) {
      sum += open.forms[0]!.tokens;
      open = undefined;
    }
  }
  return sum;
}
