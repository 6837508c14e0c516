/** A long agent run over a memory: turns that bring text, facts planted among them, and tasks that need one of the facts. */
import type { Memory } from "brevis/memory";

/** One turn: what comes in. A text may hold a fact, which some later turn asks for. */
export interface Turn {
  readonly text: string;
  readonly fact?: Fact;
  /** The fact that this turn's task needs. */
  readonly needs?: Fact;
}

/** A sentence that only one turn brings, and a question that only it answers. */
export interface Fact {
  readonly sentence: string;
  readonly question: string;
}

/** Prices in dollars a million tokens, as a provider with a prompt cache asks. */
export interface Prices {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

/** What a run came to. */
export interface AgentRun {
  readonly turns: number;
  readonly tasks: number;
  /** Tasks whose context held the memory that has the fact, and of those whose memory gave the fact's text back. */
  readonly found: number;
  readonly expanded: number;
  /** Tasks whose context held the fact's own words. */
  readonly shown: number;
  /** The largest context, in tokens. */
  readonly largestContext: number;
  /** Mean dollars a task: with the memory's contexts; with all turns so far in the context, cached but for the new ones. */
  readonly cost: { readonly memory: number; readonly history: number };
}

/** Writes turns: `texts` in turn, a fact in every `factEvery`th, and a task for a fact of the past in every `taskEvery`th. */
export function writeTurns(texts: readonly string[], turns: number, factEvery = 10, taskEvery = 20): Turn[] {
  const facts: Fact[] = [];
  return Array.from({ length: turns }, (_, at): Turn => {
    const text = texts[at % texts.length]!;
    const task = facts.length > 0 && at % taskEvery === 0 ? { needs: facts[(at * 7919) % facts.length]! } : {};
    if (at % factEvery !== 3) return { text: `${text}\nTurn ${at} ended.`, ...task };
    const fact = writeFact(at);
    facts.push(fact);
    // In the middle, where nothing but its words makes it found.
    const middle = text.indexOf("\n", text.length / 2);
    return { text: `${text.slice(0, middle)}\n${fact.sentence}\n${text.slice(middle + 1)}`, fact, ...task };
  });
}

const things = ["archive", "billing queue", "crane", "depot", "elevator", "furnace", "gateway", "harbour gate"];
const people = ["Ada", "Bilal", "Chen", "Dora", "Emeka", "Freya", "Goran", "Hana"];

function writeFact(at: number): Fact {
  const thing = `${things[at % things.length]} ${at}`;
  return {
    sentence: `${people[(at * 3) % people.length]} said that the ${thing} must not be restarted before ${1 + (at % 27)} May.`,
    question: `Before which day must the ${thing} not be restarted?`,
  };
}

/** Runs the turns against a memory, with contexts of at most `budget` tokens. */
export async function simulateAgent(
  memory: Memory,
  turns: readonly Turn[],
  { budget, prices }: { budget: number; prices: Prices },
): Promise<AgentRun> {
  const ids = new Map<Fact, string>();
  const run = { turns: turns.length, tasks: 0, found: 0, expanded: 0, shown: 0, largestContext: 0 };
  const cost = { memory: 0, history: 0 };
  let history = 0;
  let cached = 0;
  let before = "";
  for (const [at, { text, fact, needs }] of turns.entries()) {
    const { id, tokens } = await memory.add(text, { at: at * 60_000 });
    history += tokens.original;
    if (fact !== undefined) ids.set(fact, id);
    if (needs === undefined) continue;
    const packed = await memory.pack(needs.question, { budget, at: at * 60_000 });
    const holder = ids.get(needs)!;
    run.tasks++;
    run.largestContext = Math.max(run.largestContext, packed.tokens.packed);
    run.shown += Number(packed.text.includes(needs.sentence));
    if (packed.items.some((item) => item.id === holder)) {
      run.found++;
      run.expanded += Number((await memory.expand(holder)).includes(needs.sentence));
    }
    cost.memory += priceOf(packed.tokens.packed, sharedTokens(before, packed), prices);
    cost.history += priceOf(history, cached, prices);
    cached = history;
    before = packed.text;
  }
  return { ...run, cost: { memory: cost.memory / run.tasks, history: cost.history / run.tasks } };
}

function priceOf(tokens: number, read: number, { cacheRead, cacheWrite }: Prices): number {
  return (read * cacheRead + (tokens - read) * cacheWrite) / 1e6;
}

/** About how many tokens of a context the cache has: those of the beginning that it shares with the one before. */
function sharedTokens(before: string, { text, tokens }: { text: string; tokens: { packed: number } }): number {
  let shared = 0;
  while (shared < text.length && text[shared] === before[shared]) shared++;
  return text.length === 0 ? 0 : Math.floor((tokens.packed * shared) / text.length);
}
