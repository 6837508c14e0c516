import { pathToFileURL } from "node:url";
import { loadTokenCounter, type TokenCounter } from "../../../engine/tokens/load-token-counter.js";
import type { Contender } from "./contender.js";
import { openPythonPeer, type RunningPeer } from "./python-peer.js";

/** Peers that are installed, and the names of those that are not. */
export interface OpenPeers {
  readonly peers: readonly Contender[];
  readonly missing: readonly string[];
  /** Ends the processes of peers that have one. */
  close(): void;
}

/** Opens the peers that a folder's `node_modules` and `.venv` hold. */
export async function openPeers(folder: string): Promise<OpenPeers> {
  const counter = await loadTokenCounter(undefined);
  const opened = await Promise.all(
    Object.entries(openers).map(async ([name, open]) => ({ name, peer: await tryToOpen(() => open(folder, counter)) })),
  );
  const running = opened.flatMap(({ peer }) => (peer === undefined ? [] : [peer]));
  return {
    peers: running.map(({ peer }) => peer),
    missing: opened.flatMap(({ name, peer }) => (peer === undefined ? [name] : [])),
    close: () => {
      for (const { close } of running) close();
    },
  };
}

const openers: Readonly<Record<string, (folder: string, counter: TokenCounter) => Promise<RunningPeer>>> = {
  tokenjuice: inThisProcess(openTokenjuice),
  TOON: inThisProcess(openToon),
  headroom: (folder, counter) => openPythonPeer(folder, "headroom", counter),
  "claw-compactor": (folder, counter) => openPythonPeer(folder, "claw-compactor", counter),
};

function inThisProcess(open: (folder: string, counter: TokenCounter) => Promise<Contender>) {
  return async (folder: string, counter: TokenCounter): Promise<RunningPeer> => ({
    peer: await open(folder, counter),
    close: () => {},
  });
}

async function tryToOpen(open: () => Promise<RunningPeer>): Promise<RunningPeer | undefined> {
  try {
    return await open();
  } catch {
    return undefined;
  }
}

/** Rules by command; it is told the command and its exit code. */
async function openTokenjuice(folder: string, counter: TokenCounter): Promise<Contender> {
  const { reduceExecution } = await importFrom(folder, "tokenjuice/dist/index.js");
  return {
    name: "tokenjuice",
    isFixed: true,
    async compress({ text, command = "", exitCode = 0 }) {
      const input = { toolName: "bash", command, argv: command.split(" "), combinedText: text, exitCode };
      const { inlineText } = await reduceExecution(input);
      return { text: inlineText, given: counter.count(text), kept: counter.count(inlineText) };
    },
  };
}

/** JSON in another notation; what is no JSON stays as it is. */
async function openToon(folder: string, counter: TokenCounter): Promise<Contender> {
  const { encode } = await importFrom(folder, "@toon-format/toon/dist/index.mjs");
  return {
    name: "TOON",
    isFixed: true,
    async compress({ text }) {
      const output = encodeOrKeep(text, encode);
      return { text: output, given: counter.count(text), kept: counter.count(output) };
    },
  };
}

function encodeOrKeep(text: string, encode: (value: unknown) => string): string {
  try {
    return encode(JSON.parse(text));
  } catch {
    return text;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: peers are no dependencies, so their types are not here
function importFrom(folder: string, module: string): Promise<any> {
  return import(pathToFileURL(`${folder}/node_modules/${module}`).href);
}
