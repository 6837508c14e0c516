import { BrevisError } from "../../../errors.js";
import type { HubSettings } from "./hub-settings.js";
import { TransientError } from "./retry-transient.js";

/** What a refusal of the Hub means for the user; its error codes are in the header `X-Error-Code`. */
export async function explainRefusal(response: Response, model: string, settings: HubSettings): Promise<Error> {
  const { status, headers } = response;
  const code = headers.get("x-error-code") ?? "";
  const said = headers.get("x-error-message") ?? "";
  await response.body?.cancel();
  const host = new URL(settings.endpoint).host;
  if (code === "GatedRepo") return explainGated(model, settings);
  if (said === "Invalid credentials in Authorization header") {
    const hint = `Make a new token at ${settings.endpoint}/settings/tokens and set HF_TOKEN to it, or unset HF_TOKEN.`;
    return new BrevisError("remote-failed", `Expected ${host} to take the token in HF_TOKEN but it is not valid.`, {
      hint,
    });
  }
  if (code === "RevisionNotFound") {
    const message = `Expected the revision that was asked for in ${model} but ${host} has none of that name.`;
    return new BrevisError("model-missing", message, {
      hint: `${settings.endpoint}/${model}/commits/main lists them.`,
    });
  }
  if (code === "EntryNotFound") {
    const message = `Expected all files of ${model} at ${host} but one that its list names is gone.`;
    return new BrevisError("remote-failed", message, { hint: "It changed meanwhile: pull again." });
  }
  // The Hub answers 401 for what is not there and for what is private alike.
  if (code === "RepoNotFound" || status === 401 || status === 404) return explainAbsent(model, host, settings);
  if (status === 403) {
    const why = said === "" ? "" : `: ${said}`;
    const message = `Expected ${model} from ${host} but access was refused${why}.`;
    return new BrevisError("remote-failed", message, { hint: "Set HF_TOKEN to a token that may read this model." });
  }
  return explainStatus(status, headers, model, host);
}

function explainGated(model: string, { endpoint, token }: HubSettings): BrevisError {
  const message = `Expected ${model} but its licence has to be accepted first.`;
  const steps =
    token === undefined
      ? `then make a token at ${endpoint}/settings/tokens and run \`HF_TOKEN=hf_... brevis models pull ${model}\``
      : "with the account whose token HF_TOKEN holds";
  return new BrevisError("remote-failed", message, { hint: `Accept it at ${endpoint}/${model}, ${steps}.` });
}

function explainAbsent(model: string, host: string, { token }: HubSettings): BrevisError {
  const message = `Expected the model ${model} at ${host} but there is none that ${token === undefined ? "all" : "this token"} may read.`;
  const hint =
    token === undefined
      ? "Check the name; for a private model set HF_TOKEN."
      : "Check the name, and that the token in HF_TOKEN may read the model.";
  return new BrevisError("model-missing", message, { hint });
}

function explainStatus(status: number, headers: Headers, model: string, host: string): Error {
  const retryAfterMs = readRetryAfter(headers);
  const wait = retryAfterMs === undefined ? "" : ` Try again in ${Math.ceil(retryAfterMs / 1000)} seconds.`;
  if (status === 429) {
    const message = `Expected ${model} from ${host} but it takes no more requests from here for now.`;
    const hint = `What was pulled is kept.${wait} A token in HF_TOKEN raises the limit.`;
    return transient(new BrevisError("remote-failed", message, { hint }), retryAfterMs);
  }
  const final = new BrevisError(
    "remote-failed",
    `Expected ${model} from ${host} but it answered with status ${status}.`,
    {
      hint: `What was pulled is kept: pull again later.${wait}`,
    },
  );
  return status === 408 || status >= 500 ? transient(final, retryAfterMs) : final;
}

function transient(final: BrevisError, retryAfterMs: number | undefined): TransientError {
  return new TransientError(final, retryAfterMs === undefined ? {} : { retryAfterMs });
}

/** `Retry-After` in seconds or as a date; or `RateLimit: "resolvers";r=0;t=55`, of which t is the seconds until requests are taken again. */
function readRetryAfter(headers: Headers): number | undefined {
  const retryAfter = headers.get("retry-after");
  if (retryAfter !== null) {
    const seconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - Date.now()) / 1000;
    if (Number.isFinite(seconds)) return Math.max(0, seconds) * 1000;
  }
  const limit = /r\s*=\s*0\s*;\s*t\s*=\s*(\d+)/.exec(headers.get("ratelimit") ?? "");
  // A second more, since t is rounded.
  return limit === null ? undefined : (Number(limit[1]) + 1) * 1000;
}

/** A connection that failed, broke or stalled. */
export function explainUnreachable(error: unknown, endpoint: string): BrevisError {
  const host = new URL(endpoint).host;
  const cause = causeOf(error);
  const code = (cause as NodeJS.ErrnoException).code;
  const reasons: Record<string, string> = {
    ENOTFOUND: "its name is not known",
    EAI_AGAIN: "its name cannot be looked up: is there a network?",
    ECONNREFUSED: "the connection was refused",
    ECONNRESET: "the connection broke",
    UND_ERR_SOCKET: "the connection broke",
    ETIMEDOUT: "it did not answer in time",
    UND_ERR_CONNECT_TIMEOUT: "it did not answer in time",
    ENETUNREACH: "there is no network",
  };
  const reason = reasons[code ?? ""] ?? (cause instanceof Error ? cause.message : String(cause));
  const hint = `What was pulled is kept: check the network and pull again. HF_ENDPOINT names a mirror.${explainProxy()}`;
  return new BrevisError("remote-failed", `Expected an answer from ${host} but ${reason}.`, { hint, cause: error });
}

/** Node's fetch() goes through a proxy only where it is told: https://nodejs.org/api/cli.html#node_use_env_proxy1 */
function explainProxy(): string {
  const { HTTPS_PROXY, https_proxy, NODE_USE_ENV_PROXY } = process.env;
  if (!(HTTPS_PROXY || https_proxy) || NODE_USE_ENV_PROXY === "1") return "";
  return " For the proxy in HTTPS_PROXY, use Node 22.21 or later and set NODE_USE_ENV_PROXY=1.";
}

/** Whether no connection came about. */
export function isUnreachable(error: unknown): boolean {
  const { code } = causeOf(error) as NodeJS.ErrnoException;
  return code !== undefined && ["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ENETUNREACH"].includes(code);
}

/** fetch() says what happened in the cause of what it throws. */
function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? error.cause : error;
}
