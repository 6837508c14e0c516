/** The addon itself, without the TypeScript around it: whatever it is given, it throws or rejects, and never crashes. */
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import type { NativeCall, NativeModel, NativeSession } from "../../../src/engine/native/addon-types.js";
import { loadAddon } from "../../../src/engine/native/load-addon.js";
import { fixturePath, hasAddon, needsAddon } from "./fixture-models.js";

type AnyFunction = (...parameters: unknown[]) => unknown;

const openOptions = { threads: 0, activations: 0, quantizeBits: 0, queueLimit: 64 } as const;
const generateOptions = {
  maxTokens: 2,
  temperature: 0,
  topK: 0,
  topP: 0,
  minP: 0,
  repetitionPenalty: 0,
  seed: 0,
  stopIds: new Int32Array(0),
  lookupTokens: 0,
  lookupNgram: 0,
  adapters: [],
};

function loadEngine() {
  const outcome = loadAddon();
  if (!outcome.loaded) throw new Error(outcome.message);
  return outcome.addon.loadEngine();
}

async function openFixture(name: string): Promise<NativeModel> {
  const model = await loadEngine().openModel(fixturePath(name), openOptions).promise;
  onTestFinished(() => model.close());
  return model;
}

/** Values of every type, those among them that come near what the addon expects. */
const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.anything({
    withBigInt: true,
    withDate: true,
    withTypedArray: true,
    withSparseArray: true,
    withNullPrototype: true,
  }),
  fc.constantFrom(Symbol("symbol"), () => 1, new Int32Array(3), new Int32Array(new SharedArrayBuffer(8)), new Map()),
  fc.record(
    {
      tokens: fc.oneof(fc.int32Array({ maxLength: 4 }), fc.anything()),
      features: fc.anything(),
      context: fc.oneof(fc.double(), fc.integer()),
      maxTokens: fc.integer({ max: 4 }),
      name: fc.string(),
      scale: fc.double(),
    },
    { requiredKeys: [] },
  ),
  fc.array(fc.record({ tokens: fc.int32Array({ maxLength: 4 }) }), { maxLength: 2 }),
);

/** Waits for what a call gave, if it gave a call. A call that closes what it is made on is left out. */
async function settle(run: () => unknown): Promise<unknown> {
  try {
    return await (run() as NativeCall<unknown> | undefined)?.promise;
  } catch (error) {
    return error;
  }
}

describe.skipIf(!hasAddon)(`the addon${needsAddon}`, () => {
  it("survives any arguments", async () => {
    const engine = loadEngine();
    const [causal, keep] = [await openFixture("tied-gqa1"), await openFixture("keep-features")];
    const session = await causal.openSession({ context: 0 }).promise;
    const methods: [object, string][] = [
      ...["keep", "logits", "loadAdapter", "dropAdapter", "openSession"].flatMap((name): [object, string][] => [
        [causal, name],
        [keep, name],
      ]),
      [session, "generate"],
      [engine, "openModel"],
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...methods),
        fc.array(anyValue, { maxLength: 4 }),
        async ([target, name], values) => {
          await settle(() => ((target as Record<string, AnyFunction>)[name] as AnyFunction).apply(target, values));
        },
      ),
      { numRuns: 600 },
    );
    const [logits] = await causal.logits([{ tokens: Int32Array.of(1) }], []).promise;
    expect(logits).toHaveLength(causal.describe().vocabulary);
  });

  it("says which argument was expected to be what, and what arrived", async () => {
    const engine = loadEngine();
    const model = await openFixture("tied-gqa1");
    const session = await model.openSession({ context: 0 }).promise;
    const [callModel, callSession] = [model, session] as unknown as Record<string, AnyFunction>[];
    const generate = (values: unknown[]) => callSession!.generate!.apply(session, values);
    const prompt = Int32Array.of(1);
    for (const [run, message] of [
      [() => callModel!.logits!.apply(model, []), "sequences: expected an array but received undefined"],
      [() => callModel!.logits!.apply(model, [[7], []]), "sequence: expected an object but received 7"],
      [
        () => callModel!.logits!.apply(model, [[{ tokens: [1] }], []]),
        "tokens: expected an Int32Array but received an array",
      ],
      [() => callModel!.logits!.apply(model, [[], null]), "adapters: expected an array but received null"],
      [
        () => callModel!.dropAdapter!.apply(model, ["a\0b"]),
        "name: expected a string without NUL characters but received a string",
      ],
      [
        () => callModel!.openSession!.apply(model, [{ context: 0.5 }]),
        "context: expected an integer from 0 to 2147483647 but received 0.5",
      ],
      [
        () => generate([prompt, { ...generateOptions, topP: "1" }, () => {}]),
        "topP: expected a number but received a string",
      ],
      [() => generate([prompt, generateOptions]), "onTokens: expected a function but received undefined"],
      [
        () => engine.openModel("a", { ...openOptions, activations: 3 as 2 }),
        "activations: expected an integer from 0 to 2 but received 3",
      ],
    ] as const) {
      expect(run).toThrow(TypeError);
      expect(run).toThrow(message);
    }
  });

  it("lets getters and proxies of the caller throw", async () => {
    const model = await openFixture("tied-gqa1");
    const mean = {
      get tokens(): Int32Array {
        throw new Error("of the caller's own");
      },
    };
    expect(() => model.logits([mean], [])).toThrow("of the caller's own");
    const proxy = new Proxy({ tokens: Int32Array.of(1) }, {});
    expect(await model.logits([proxy], []).promise).toHaveLength(1);
  });

  it("refuses methods of one class on an object of another, and constructors", async () => {
    const model = await openFixture("tied-gqa1");
    const session = await model.openSession({ context: 0 }).promise;
    const engine = loadEngine();
    for (const [method, target] of [
      [session.generate, model],
      [model.logits, session],
      [model.close, engine],
      [engine.openModel, model],
      [model.describe, {}],
      [model.describe, undefined],
    ] as const) {
      expect(() => (method as AnyFunction).call(target)).toThrow(TypeError);
    }
    for (const handle of [model, session, engine]) {
      const Handle = handle.constructor as new (...parameters: unknown[]) => unknown;
      expect(() => new Handle()).toThrow(TypeError);
      expect(() => new Handle(handle)).toThrow(TypeError);
    }
  });

  it("ends a generation whose reader throws", async () => {
    const model = await openFixture("tied-gqa1");
    const session: NativeSession = await model.openSession({ context: 0 }).promise;
    const options = { ...generateOptions, maxTokens: 8000 };
    const generation = session.generate(Int32Array.of(1), options, () => {
      throw new Error("of the reader's own");
    });
    expect(await generation.promise).toMatchObject({ finish: "callback" });
  });

  it("takes detached arrays for empty ones", async () => {
    const model = await openFixture("tied-gqa1");
    const tokens = Int32Array.of(1, 2, 3);
    structuredClone(tokens.buffer, { transfer: [tokens.buffer] });
    await expect(model.logits([{ tokens }], []).promise).rejects.toMatchObject({ reason: "argument" });
  });

  it("closes once, and refuses afterwards", async () => {
    const model = await loadEngine().openModel(fixturePath("tied-gqa1"), openOptions).promise;
    const session = await model.openSession({ context: 0 }).promise;
    const closing = model.close();
    for (const run of [() => model.close(), () => session.close(), () => model.logits([], [])]) {
      expect(run).toThrow(expect.objectContaining({ reason: "closed" }));
    }
    await closing;
  });
});
