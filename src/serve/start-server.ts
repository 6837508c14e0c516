import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import { pino } from "pino";
import { BrevisError } from "../errors.js";
import { openChatClient } from "../llm/open-chat-client.js";
import { type Environment, readEnvironment } from "../llm/registry/read-environment.js";
import type { ChatClient } from "../llm/types.js";
import { openAdaptiveControl } from "./adaptive/adaptive-control.js";
import type { ServeConfiguration } from "./configuration/configuration-schema.js";
import { defaultServeFolder } from "./configuration/default-serve-folder.js";
import { createApp } from "./create-app.js";
import { answerSocketError } from "./http/answer-socket-error.js";
import { createMetrics } from "./metrics/create-metrics.js";
import { observeLedger } from "./metrics/observe-ledger.js";
import { listModels } from "./models/list-models.js";
import { openProxy } from "./proxy/open-proxy.js";
import type { Services } from "./services.js";
import { createCompressService } from "./work/compress-service.js";

/** A service that listens. */
export interface RunningServer {
  /** Where it listens, e.g. `http://127.0.0.1:3000`. */
  readonly url: string;
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
  const server = createHttpServer(services);
  const stop = async () => {
    await drain(server, configuration.limits.drainMs);
    await Promise.all([compress.close(), proxy?.close()]);
  };
  try {
    const url = await listen(server, configuration);
    log.info({ url, workers: compress.status.size, token: token !== undefined }, "listening");
    return {
      url,
      close() {
        closing ??= stop();
        return closing;
      },
    };
  } catch (error) {
    await compress.close();
    throw error;
  }
}

function createHttpServer(services: Services): Server {
  const { limits } = services.configuration;
  const server = createAdaptorServer({
    fetch: createApp(services).fetch,
    overrideGlobalObjects: false,
    serverOptions: {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      // How often the two limits above are looked at.
      connectionsCheckingInterval: Math.max(100, Math.min(limits.headersMs, limits.requestMs) / 4),
      keepAliveTimeout: 5_000,
      maxHeaderSize: 16_384,
    },
  }) as Server;
  server.on("clientError", answerSocketError);
  return server;
}

function listen(server: Server, { host, port }: ServeConfiguration): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const message = `Expected to listen on ${host}:${port} but received ${cause.code ?? cause.message}.`;
      reject(new BrevisError("output-failed", message, { hint: "Choose another --host or --port.", cause }));
    });
    server.listen(port, host, () => {
      const address = server.address();
      const taken = typeof address === "object" && address !== null ? address.port : port;
      resolve(`http://${host.includes(":") ? `[${host}]` : host}:${taken}`);
    });
  });
}

/** Ends a server: idle connections at once, busy ones when they are done or time is up. */
async function drain(server: Server, drainMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const limit = setTimeout(() => server.closeAllConnections(), drainMs);
  await closed;
  clearInterval(idle);
  clearTimeout(limit);
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
