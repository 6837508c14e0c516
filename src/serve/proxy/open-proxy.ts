import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "pino";
import type { CompressResult, OriginalsStore } from "../../compress/types.js";
import { openSentTexts } from "../../conversations/sent-texts.js";
import { TextSettler } from "../../conversations/settle-texts.js";
import { apiOfPath } from "../../conversations/wire-formats.js";
import { loadRegistry } from "../../llm/registry/load-registry.js";
import type { Price } from "../../llm/registry/model-schema.js";
import type { Environment } from "../../llm/registry/read-environment.js";
import { resolveModel } from "../../llm/registry/resolve-model.js";
import { openStore } from "../../store/open-store.js";
import type { ServeConfiguration } from "../configuration/configuration-schema.js";
import { defaultServeFolder } from "../configuration/default-serve-folder.js";
import { readBytes } from "../http/read-json-body.js";
import { RequestError } from "../http/request-error.js";
import { OutputLimits } from "../shaping/output-limits.js";
import type { CompressService } from "../work/compress-service.js";
import { answerRestored, passAnswer } from "./answer-proxied.js";
import { findUpstream } from "./find-upstream.js";
import { type Ledger, openLedger } from "./open-ledger.js";
import { type Rewritten, rewriteRequest } from "./rewrite-request.js";
import { endToEndHeaders, sendUpstream } from "./send-upstream.js";

/** The proxy before the providers. */
export interface ModelProxy {
  /** Passes a request on and its answer back; settles when the answer is written. */
  answer(incoming: IncomingMessage, outgoing: ServerResponse, signal: AbortSignal): Promise<void>;
  readonly ledger: Pick<Ledger, "totals">;
  close(): Promise<void>;
}

/** What the proxy works with. */
export interface ProxyServices {
  readonly configuration: ServeConfiguration;
  readonly compress: Pick<CompressService, "compress">;
  readonly log: Logger;
  readonly environment: Environment;
}

/** Opens the proxy, its memory and its ledger. */
export async function openProxy({ configuration, compress, log, environment }: ProxyServices): Promise<ModelProxy> {
  const { proxy: settings } = configuration;
  const folder = settings.folder === null ? undefined : (settings.folder ?? defaultServeFolder(environment));
  const memory = await openSentTexts(folder, settings.memoryBytes);
  const ledger = await openLedger(folder, createPriceList(environment));
  const settler = new TextSettler(async (text, options) => {
    const { json } = await compress.compress({ text, options });
    return JSON.parse(json) as CompressResult;
  }, memory);
  const limits = new OutputLimits();
  const store = openOriginals(configuration);

  /** The request as it should go on; as it came where anything is amiss with it or with us. */
  const rewrite = async (source: Buffer, path: string): Promise<Rewritten | undefined> => {
    const api = apiOfPath(path);
    if (api === undefined) return undefined;
    try {
      return await rewriteRequest(source.toString("utf8"), api, path, { settings, settler, memory, limits });
    } catch (error) {
      log.warn({ fault: error instanceof Error ? error.name : typeof error }, "passed on as it came");
      return undefined;
    }
  };

  return {
    ledger,
    async answer(incoming, outgoing, signal) {
      const upstream = findUpstream(incoming.url ?? "/", incoming.headers, settings.upstreams);
      if (upstream === undefined) throw new RequestError(404, "Expected the path of a provider, or /proxy/NAME/…");
      const { name, url } = upstream;
      const headers = endToEndHeaders(incoming.headers);
      const method = incoming.method ?? "GET";
      const length = Number(incoming.headers["content-length"] ?? 0);
      const isUnderstood = method === "POST" && apiOfPath(url.pathname) !== undefined && length <= settings.bodyBytes;
      if (!isUnderstood || incoming.headers["content-encoding"] !== undefined) {
        const framed = length > 0 ? { ...headers, "content-length": String(length) } : headers;
        const body = method === "GET" || method === "HEAD" ? undefined : incoming;
        await passAnswer(await sendUpstream({ url, method, headers: framed, body, signal }), outgoing);
        return;
      }
      const source = await readBytes(incoming, settings.bodyBytes);
      const rewritten = await rewrite(source, url.pathname);
      const body = rewritten === undefined ? source : Buffer.from(rewritten.body);
      // An answer that is compressed for the way could not be restored.
      const plain = { ...headers, "content-length": String(body.length), "accept-encoding": "identity" };
      const answer = await sendUpstream({ url, method, headers: plain, body, signal });
      const restoring = rewritten === undefined ? nothing : { legend: rewritten.legend, store };
      const usage = await answerRestored(answer, outgoing, restoring);
      if (usage === undefined || rewritten === undefined) return;
      const { saved, model, isContinued, shaping } = rewritten;
      const { added, arm, kind, limit } = shaping;
      if (arm === "shaped") limits.learn(model ?? "", kind, usage.output, limit);
      ledger.record({ upstream: name, model, saved, added, arm, isContinued, usage });
    },
    async close() {
      await Promise.all([memory.close(), ledger.close()]);
    },
  };
}

/** What the answer to a request that was not read is restored with. */
const nothing = { legend: {}, store: undefined };

function openOriginals({ compress: { store } }: ServeConfiguration): Pick<OriginalsStore, "get"> | undefined {
  return store === undefined ? undefined : openStore({ path: store });
}

function createPriceList(environment: Environment): (model: string) => Price | undefined {
  const registry = loadRegistry(environment);
  return (model) => {
    try {
      return resolveModel(registry, model).price;
    } catch {
      return undefined;
    }
  };
}
