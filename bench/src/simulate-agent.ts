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
  /** When the run is over: facts planted, those whose memory a context for their question holds, and of those, expanded to them. */
  readonly facts: { readonly planted: number; readonly found: number; readonly expanded: number };
  /**
   * Mean dollars a task: with the memory's contexts, and a memory expanded where the fact's words are not in its text; with all turns so far in
   * the context, cached but for the new ones.
   */
  readonly cost: { readonly memory: number; readonly history: number };
  /** The same without a prompt cache. */
  readonly uncached: { readonly memory: number; readonly history: number };
  /** Which share of the contexts' tokens the prompt cache had. */
  readonly cached: { readonly memory: number; readonly history: number };
}

/** Writes turns: `texts` in turn, a fact in every `factEvery`th, and a task for a fact of the past in every `taskEvery`th. */
export function writeTurns(texts: readonly string[], turns: number, factEvery = 10, taskEvery = 20): Turn[] {
  const facts: Fact[] = [];
  return Array.from({ length: turns }, (_, at): Turn => {
    const text = texts[at % texts.length]!;
    // Scrambled, since both counts rise in step: any fact of the past, the first as well as the last.
    const any = (Math.imul(at, 2_654_435_761) >>> 8) % Math.max(1, facts.length);
    const task = facts.length > 0 && at % taskEvery === 0 ? { needs: facts[any]! } : {};
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
  const ids = new Map<Fact, { readonly id: string; readonly original: number }>();
  const run = { turns: turns.length, tasks: 0, found: 0, expanded: 0, shown: 0, largestContext: 0 };
  const memoryBill = openBill(prices);
  const historyBill = openBill(prices);
  let history = 0;
  let cached = 0;
  let before = "";
  for (const [at, { text, fact, needs }] of turns.entries()) {
    const { id, tokens } = await memory.add(text, { at: at * 60_000 });
    history += tokens.original;
    if (fact !== undefined) ids.set(fact, { id, original: tokens.original });
    if (needs === undefined) continue;
    const packed = await memory.pack(needs.question, { budget, at: at * 60_000 });
    const holder = ids.get(needs)!;
    run.tasks++;
    run.largestContext = Math.max(run.largestContext, packed.tokens.packed);
    const isShown = packed.text.includes(needs.sentence);
    run.shown += Number(isShown);
    if (packed.items.some(({ id: packedId }) => packedId === holder.id)) {
      run.found++;
      run.expanded += Number((await memory.expand(holder.id)).includes(needs.sentence));
    }
    memoryBill.add(packed.tokens.packed, sharedTokens(before, packed));
    if (!isShown) memoryBill.add(holder.original, 0);
    historyBill.add(history, cached);
    cached = history;
    before = packed.text;
  }
  const [ofMemory, ofHistory] = [memoryBill.read(run.tasks), historyBill.read(run.tasks)];
  return {
    ...run,
    facts: await findFacts(memory, [...ids.keys()], budget, turns.length * 60_000),
    cost: { memory: ofMemory.cost, history: ofHistory.cost },
    uncached: { memory: ofMemory.uncached, history: ofHistory.uncached },
    cached: { memory: ofMemory.cached, history: ofHistory.cached },
  };
}

/** Looks for every fact that was planted, whichever memory has it by now. */
async function findFacts(
  memory: Memory,
  facts: readonly Fact[],
  budget: number,
  at: number,
): Promise<AgentRun["facts"]> {
  let found = 0;
  let expanded = 0;
  for (const { question, sentence } of facts) {
    const { items, text } = await memory.pack(question, { budget, at });
    const originals = await Promise.all(items.map(({ id }) => memory.expand(id)));
    const isExpanded = originals.some((original) => original.includes(sentence));
    found += Number(isExpanded || text.includes(sentence));
    expanded += Number(isExpanded);
  }
  return { planted: facts.length, found, expanded };
}

/** Adds up what contexts cost, of which a prompt cache has a part. */
function openBill({ input, cacheRead, cacheWrite }: Prices) {
  const sums = { tokens: 0, read: 0 };
  return {
    add(tokens: number, read: number) {
      sums.tokens += tokens;
      sums.read += read;
    },
    /** Dollars a task, and the share of the tokens that the cache had. */
    read: (tasks: number) => ({
      cost: (sums.read * cacheRead + (sums.tokens - sums.read) * cacheWrite) / 1e6 / tasks,
      uncached: (sums.tokens * input) / 1e6 / tasks,
      cached: sums.tokens === 0 ? 0 : sums.read / sums.tokens,
    }),
  };
}

/** About how many tokens of a context the cache has: those of the beginning that it shares with the one before. */
function sharedTokens(before: string, { text, tokens }: { text: string; tokens: { packed: number } }): number {
  let shared = 0;
  while (shared < text.length && text[shared] === before[shared]) shared++;
  return text.length === 0 ? 0 : Math.floor((tokens.packed * shared) / text.length);
}
