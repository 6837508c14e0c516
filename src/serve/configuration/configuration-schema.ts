import { z } from "zod";

const milliseconds = z.int().positive();
const environmentName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/u, "expected the name of an environment variable");

/** Bounds on what one caller can make the service do. */
export const limitsSchema = z.strictObject({
  /** Largest request body. */
  bodyBytes: z
    .int()
    .positive()
    .default(10 << 20),
  /** Most texts in `documents`. */
  documents: z.int().positive().default(50),
  /** For the headers of a request to arrive. */
  headersMs: milliseconds.default(10_000),
  /** For a whole request to arrive. */
  requestMs: milliseconds.default(30_000),
  /** For the compression of one text: after it the best result so far is the answer. */
  compressMs: milliseconds.default(20_000),
  /** In the queue: a text that waits longer is refused with 429. */
  waitMs: milliseconds.default(5_000),
  /** Requests that are answered at a time; one more is refused with 429. */
  concurrentRequests: z.int().positive().default(256),
  /** Texts that may wait for a worker; one more is refused with 429. */
  waitingTexts: z.int().positive().default(512),
  /** For the requests under way to finish when the process is told to end. */
  drainMs: milliseconds.default(10_000),
});

const share = z.number().gt(0).lte(1);

/** How requests to models are passed on. */
export const proxySchema = z.strictObject({
  enabled: z.boolean().default(false),
  /** Where requests go: `/proxy/NAME/…` to the base URL of that name. */
  upstreams: z.record(z.string().regex(/^[a-z0-9][a-z0-9-]*$/u), z.url({ protocol: /^https?$/u })).default({
    anthropic: "https://api.anthropic.com",
    openai: "https://api.openai.com",
    google: "https://generativelanguage.googleapis.com",
  }),
  /** Share of the tokens of a text to keep. */
  rate: share.default(0.5),
  /** Shorter results of tools, and texts of the user, are sent as they are; in tokens. */
  toolTokens: z.int().positive().default(200),
  userTokens: z.int().positive().default(1000),
  /** For the compression of one text: after it the best result so far. */
  compressMs: milliseconds.default(3_000),
  /** Larger requests are passed on as they are. */
  bodyBytes: z
    .int()
    .positive()
    .default(64 << 20),
  /** What was sent is remembered, so that it keeps its bytes: in memory, and twice as much on disk. */
  memoryBytes: z
    .int()
    .positive()
    .default(128 << 20),
  /** Shorter answers, where the operator wants them. */
  shaping: z
    .strictObject({
      enabled: z.boolean().default(false),
      /** The share of conversations that are left as they are, to measure by. */
      heldOut: z.number().min(0).max(1).default(0.2),
      /** Aliases that the model may write for long words; never where tools are declared. */
      aliases: z.boolean().default(true),
      /** Whether `max_tokens` is lowered to what answers of the kind have taken. */
      limits: z.boolean().default(false),
    })
    .prefault({}),
  /** The folder of that memory and of the ledger; null keeps them in this process alone. */
  folder: z.string().min(1).nullable().optional(),
});

/** What `brevis serve` reads from its YAML file, with every default. configs/serve.yaml says the same with comments. */
export const configurationSchema = z.strictObject({
  host: z.string().min(1).default("127.0.0.1"),
  port: z.int().min(0).max(65_535).default(3000),
  /** The compare page: at `/`, and on a port of its own where one is named. */
  page: z
    .strictObject({ enabled: z.boolean().default(true), port: z.int().min(0).max(65_535).optional() })
    .prefault({}),
  /** Threads that compress; `auto` is one for each core, 0 compresses on the thread that serves. */
  workers: z.union([z.literal("auto"), z.int().min(0).max(64)]).default("auto"),
  /** The environment variable that holds the bearer token; without it none is asked for. */
  tokenFrom: environmentName.optional(),
  /** Names that the Host header may have beside those of the loopback interface and `host`. */
  allowedHosts: z.array(z.string().min(1)).default([]),
  /** Origins of other sites' pages that may call the service, e.g. `https://app.example.org`; none by default, so no CORS. */
  allowedOrigins: z.array(z.url()).default([]),
  log: z.enum(["silent", "error", "warn", "info", "debug"]).default("info"),
  limits: limitsSchema.prefault({}),
  /** Results that are remembered by their content, in bytes; 0 remembers none. */
  cacheBytes: z
    .int()
    .min(0)
    .default(64 << 20),
  /** What no caller may name: the operator's choice of model, adapter, engine and store. */
  compress: z
    .strictObject({
      model: z.string().min(1).optional(),
      adapter: z.string().min(1).optional(),
      engine: z.enum(["auto", "mlx", "cpu", "none"]).optional(),
      /** The folder in which originals are kept; none are kept without it. */
      store: z.string().min(1).optional(),
      /** Abstractive calls at a time; they wait for the model. */
      writers: z.int().positive().default(2),
    })
    .prefault({}),
  proxy: proxySchema.prefault({}),
  /** Texts that are kept on this machine without their secrets, to learn from; none unless it is enabled. */
  capture: z
    .strictObject({
      enabled: z.boolean().default(false),
      /** BREVIS_HOME/captured by default, else in the user's data folder. */
      folder: z.string().min(1).optional(),
      share: share.default(1),
      maxBytes: z
        .int()
        .positive()
        .default(64 << 20),
    })
    .prefault({}),
  adaptive: z
    .strictObject({
      /** The folder of what was learned about rates; null keeps it in this process alone. */
      folder: z.string().min(1).nullable().optional(),
    })
    .prefault({}),
});

/** Everything that the service is told by its operator, complete. */
export type ServeConfiguration = z.infer<typeof configurationSchema>;
/** Bounds on what one caller can make the service do. */
export type ServeLimits = ServeConfiguration["limits"];
/** How requests to models are passed on. */
export type ProxySettings = ServeConfiguration["proxy"];
