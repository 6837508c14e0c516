import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { compress } from "../../compress/compress.js";
import { normalizeOptions } from "../../compress/options/normalize-options.js";
import { restore } from "../../compress/restore.js";
import { type CompressOptions, type CompressResult, kinds, type OriginalsStore } from "../../compress/types.js";
import { BrevisError } from "../../errors.js";
import { readWithin } from "./read-within.js";

/** What a server of brevis works with, all optional. */
export interface BrevisServerOptions {
  /** Options of `compress` that calls do not name. */
  readonly compress?: Omit<CompressOptions, "store" | "legend">;
  /** Where originals are kept: without one, nothing that was left out comes back. */
  readonly store?: OriginalsStore;
  /** Folders whose files may be compressed by name; none by default. */
  readonly roots?: readonly string[];
  /** What clients are told of the server. */
  readonly version?: string;
}

/** What a server has done since it was made. */
interface ServerStats {
  calls: number;
  restored: number;
  tokens: { original: number; compressed: number };
}

const compressInput = {
  text: z.string().optional().describe("The text to compress. Give this or path."),
  path: z.string().optional().describe("A text file to compress, read by the server. Give this or text."),
  rate: z.number().gt(0).max(1).optional().describe("Share of the tokens to keep; 0.5 by default. Or give budget."),
  budget: z.number().int().positive().optional().describe("The most tokens that the result may have."),
  query: z.string().optional().describe("What you want to know from the text: what matches it stays."),
  kind: z.enum(kinds).exclude(["mixed"]).optional().describe("What the text is; found out by default."),
  mode: z.enum(["extractive", "lossless"]).optional().describe("lossless leaves nothing out."),
};

const restoreInput = {
  id: z.string().optional().describe("The 12 digits of a marker such as […12 lines #482915337120]. Give this or text."),
  text: z.string().optional().describe("A compressed text, in which aliases and markers are replaced."),
};

/**
 * A server of the Model Context Protocol with the tools `compress`, `restore` and `stats`; connect it to a transport of the official SDK.
 *
 * @throws {BrevisError} `invalid-option`
 */
export function createBrevisServer(options: BrevisServerOptions = {}): McpServer {
  const { compress: defaults = {}, store, roots = [], version = "0.0.0" } = options;
  normalizeOptions(defaults);
  const stats: ServerStats = { calls: 0, restored: 0, tokens: { original: 0, compressed: 0 } };
  const server = new McpServer({ name: "brevis", version });

  server.registerTool(
    "compress",
    {
      title: "Compress a text",
      description:
        "Gives a text or a file in fewer tokens. Errors, numbers, names and what matches the query stay; what is left out is marked in its place, e.g. […12 lines #482915337120], and comes back by the tool restore.",
      inputSchema: compressInput,
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    async ({ text, path, ...given }) =>
      answer(async () => {
        const source = await readSource({ text, path }, roots);
        const result = await compress(source, { ...mergeOptions(defaults, given), ...(store && { store }) });
        stats.calls++;
        stats.tokens.original += result.tokens.original;
        stats.tokens.compressed += result.tokens.compressed;
        return [result.text, describeResult(result)];
      }),
  );
  server.registerTool(
    "restore",
    {
      title: "Restore what was left out",
      description:
        "Gives back what a marker stands for by its id, or a compressed text with its aliases and markers replaced.",
      inputSchema: restoreInput,
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    async ({ id, text }) =>
      answer(async () => {
        if ((id === undefined) === (text === undefined)) throw oneOf("id", "text");
        const original = id === undefined ? await restore(text!, store && { store }) : await readOriginal(id, store);
        stats.restored++;
        return [original];
      }),
  );
  server.registerTool(
    "stats",
    {
      title: "What was saved",
      description: "Tokens before and after compression since the server was started.",
      outputSchema: {
        calls: z.number(),
        restored: z.number(),
        tokens: z.object({ original: z.number(), compressed: z.number() }),
      },
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    async () => ({
      content: [{ type: "text", text: JSON.stringify(stats) }],
      structuredContent: structuredClone(stats) as unknown as Record<string, unknown>,
    }),
  );
  return server;
}

/** Texts as a tool's result; an error of brevis as one that the model can read and act on. */
async function answer(work: () => Promise<string[]>): Promise<CallToolResult> {
  try {
    return { content: (await work()).map((text) => ({ type: "text", text })) };
  } catch (error) {
    if (!(error instanceof BrevisError)) throw error;
    const text = error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
    return { isError: true, content: [{ type: "text", text }] };
  }
}

async function readSource(
  { text, path }: { text?: string | undefined; path?: string | undefined },
  roots: readonly string[],
) {
  if ((text === undefined) === (path === undefined)) throw oneOf("text", "path");
  if (path === undefined) return text!;
  if (roots.length > 0) return readWithin(roots, path);
  throw new BrevisError("invalid-option", "Expected text: this server reads no files.", {
    hint: "Start it with a folder: brevis mcp --root DIR.",
  });
}

async function readOriginal(id: string, store: OriginalsStore | undefined): Promise<string> {
  const digits = id.replace(/^#/u, "");
  if (store !== undefined) return store.get(digits);
  throw new BrevisError(
    "unknown-id",
    `Expected an id that is kept but received ${digits}: this server keeps nothing.`,
    {
      hint: "Start it with a store: brevis mcp keeps originals unless --no-store is given.",
    },
  );
}

/** A rate or budget of a call takes the place of either. */
function mergeOptions(defaults: CompressOptions, given: Record<string, unknown>): CompressOptions {
  const named = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  if (!("rate" in named) && !("budget" in named)) return { ...defaults, ...named };
  const { rate: _, budget: __, level: ___, ...rest } = defaults;
  return { ...rest, ...named };
}

function describeResult({ tokens, loss, id, warnings }: CompressResult): string {
  const whole = id === undefined ? "" : ` The whole text: restore #${id}.`;
  const warned = warnings.map(({ message }) => ` ${message}`).join("");
  return `${tokens.original} -> ${tokens.compressed} tokens, loss: ${loss}.${whole}${warned}`;
}

function oneOf(one: string, other: string): BrevisError {
  return new BrevisError("invalid-option", `Expected either ${one} or ${other}.`);
}
