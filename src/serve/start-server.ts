import { readFileSync } from "node:fs";
import { pino } from "pino";
import { BrevisError } from "../errors.js";
import { openChatClient } from "../llm/open-chat-client.js";
import { type Environment, readEnvironment } from "../llm/registry/read-environment.js";
import type { ChatClient } from "../llm/types.js";
import { openAdaptiveControl } from "./adaptive/adaptive-control.js";
import type { ServeConfiguration } from "./configuration/configuration-schema.js";
import { defaultServeFolder } from "./configuration/default-serve-folder.js";
import { createApp } from "./create-app.js";
import { createHttpServer, drain, listen } from "./listen.js";
import { createMetrics } from "./metrics/create-metrics.js";
import { observeLedger } from "./metrics/observe-ledger.js";
import { listModels } from "./models/list-models.js";
import { type PageFile, readPage } from "./page/read-page.js";
import { openProxy } from "./proxy/open-proxy.js";
import type { Services } from "./services.js";
import { createCompressService } from "./work/compress-service.js";

/** A service that listens. */
export interface RunningServer {
  /** Where it listens, e.g. `http://127.0.0.1:3000`. */
  readonly url: string;
  /** Where the compare page is; undefined where there is none. */
  readonly pageUrl: string | undefined;
  /** Takes no more requests, lets those under way finish for `limits.drainMs`, then ends. Again is fine. */
  close(): Promise<void>;
}

/** What a program that starts the service may bring. */
export interface StartOptions {
  /** Default: the process's environment over `.env` in the working directory. */
  readonly environment?: Environment;
  /** Where the log's lines go; standard error by default. */
  readonly logTo?: { write(line: string): void };
  /** The compiled worker thread, where this module runs from its source. */
  readonly workerScript?: URL;
  /** The folder of the built compare page, where it is not the package's own. */
  readonly pageFolder?: URL;
}

/**
 * Starts the service.
 *
 * @throws {BrevisError} `invalid-option` for a token's variable that is empty, `output-failed` where the port cannot be had
 */
export async function startServer(
  configuration: ServeConfiguration,
  options: StartOptions = {},
): Promise<RunningServer> {
  const environment = options.environment ?? readEnvironment();
  const token = readToken(configuration.tokenFrom, environment);
  const log = pino(
    { level: configuration.log, base: null },
    options.logTo ?? pino.destination({ dest: 2, sync: true }),
  );
  const compress = createCompressService(configuration, options.workerScript);
  const metrics = createMetrics(compress);
  const proxy = configuration.proxy.enabled
    ? await openProxy({ configuration, compress, log, environment })
    : undefined;
  if (proxy !== undefined) observeLedger(metrics.registry, proxy.ledger);
  let closing: Promise<void> | undefined;
  let listed: ReturnType<Services["models"]> | undefined;
  const services: Services = {
    configuration,
    compress,
    metrics,
    proxy,
    log,
    token,
    version: readVersion(),
    adaptive: openAdaptiveControl(
      configuration.adaptive.folder === null
        ? undefined
        : (configuration.adaptive.folder ?? defaultServeFolder(environment)),
    ),
    openChat: createChatOpener(environment),
    models: () => {
      listed ??= listModels(environment);
      return listed;
    },
    isDraining: () => closing !== undefined,
  };
  const page = configuration.page.enabled ? openPage(log, options.pageFolder) : undefined;
  const app = createApp(services, page);
  const newServer = () => createHttpServer(app, configuration.limits);
  // Both ports answer everything, so that the page asks its own origin on either.
  const servers =
    page === undefined || configuration.page.port === undefined ? [newServer()] : [newServer(), newServer()];
  const stop = async () => {
    await Promise.all(servers.map((server) => drain(server, configuration.limits.drainMs)));
    await Promise.all([compress.close(), proxy?.close()]);
  };
  try {
    const { host, port } = configuration;
    const [url, pageUrl] = await Promise.all(
      servers.map((server, at) => listen(server, host, at === 0 ? port : configuration.page.port!)),
    );
    log.info({ url, workers: compress.status.size, token: token !== undefined }, "listening");
    return {
      url: url!,
      pageUrl: page === undefined ? undefined : (pageUrl ?? url),
      close() {
        closing ??= stop();
        return closing;
      },
    };
  } catch (error) {
    for (const server of servers) server.close();
    await compress.close();
    throw error;
  }
}

/** The page's files; a checkout that was never built serves without. */
function openPage(log: Services["log"], folder: URL | undefined): readonly PageFile[] | undefined {
  const files = readPage(folder);
  if (files === undefined) log.warn("The compare page is not built: npm run build.");
  return files;
}

/** One client for all, opened by the first who asks; what failed is tried again. */
function createChatOpener(environment: Environment): () => Promise<ChatClient> {
  const keepsAccounts = [environment.BREVIS_COST_LOG, environment.COST_LIMIT_DAILY_USD].some(
    (set) => set !== undefined,
  );
  let opened: Promise<ChatClient> | undefined;
  return () => {
    opened ??= openChatClient({ environment, cache: false, ...(keepsAccounts ? {} : { ledger: false as const }) });
    opened.catch(() => {
      opened = undefined;
    });
    return opened;
  };
}

function readToken(name: string | undefined, environment: Environment): string | undefined {
  if (name === undefined) return undefined;
  const token = environment[name]?.trim();
  if (token) return token;
  throw new BrevisError("invalid-option", `Expected the service's token in the variable ${name} but it is empty.`, {
    hint: `Set ${name}, or leave tokenFrom out.`,
  });
}

function readVersion(): string {
  // The same two steps up from src/serve and from dist/serve.
  return JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;
}
