import { setTimeout } from "node:timers/promises";
import { BrevisError } from "../../../errors.js";

/** How the Hugging Face Hub, or a mirror of it, is reached. */
export interface HubSettings {
  /** Without a slash at its end. */
  readonly endpoint: string;
  /** Sent to the endpoint only, never to where it redirects. */
  readonly token: string | undefined;
  /** A response that brings nothing for so long is given up, and asked for again. */
  readonly stallMs: number;
  /** Waits between attempts; the reason is what the last one failed for. */
  readonly wait: (ms: number, signal: AbortSignal, reason: BrevisError) => Promise<void>;
}

const defaultEndpoint = "https://huggingface.co";
const stallMs = 30_000;

/**
 * The Hub as the environment names it: HF_ENDPOINT for a mirror, HF_TOKEN for models that need one.
 *
 * @throws {BrevisError} `invalid-option` when either cannot be meant
 */
export function readHubSettings(environment: NodeJS.ProcessEnv = process.env): HubSettings {
  const endpoint = (environment.HF_ENDPOINT || defaultEndpoint).replace(/\/+$/, "");
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol)) {
    const message = `HF_ENDPOINT: expected an address such as ${defaultEndpoint} but received ${JSON.stringify(endpoint)}.`;
    throw new BrevisError("invalid-option", message, { hint: "Unset it, or give the mirror's address with https://." });
  }
  const token = environment.HF_TOKEN?.trim() || undefined;
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    const hint = `A token looks like hf_AbC123: copy it again from ${endpoint}/settings/tokens.`;
    throw new BrevisError("invalid-option", "HF_TOKEN: expected a token of one word in ASCII characters.", { hint });
  }
  const wait = (ms: number, signal: AbortSignal) => setTimeout(ms, undefined, { signal });
  return { endpoint, token, stallMs, wait };
}
