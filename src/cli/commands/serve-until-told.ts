import { readConfiguration } from "../../serve/configuration/read-configuration.js";
import { startServer } from "../../serve/start-server.js";
import { reportWarning } from "../terminal/report-error.js";
import type { ServeFlags } from "./add-serve-command.js";

const loopback = /^(localhost|127\.|::1$|\[::1\]$)/u;

/** Runs `brevis serve`: until SIGTERM or SIGINT, and then to the end of what it has begun; a second signal ends it at once. */
export async function serveUntilTold({ config, proxy, page, pagePort, ...overrides }: ServeFlags): Promise<void> {
  const configuration = readConfiguration(config, {
    ...overrides,
    ...(proxy && { proxy: { enabled: true } }),
    page: { ...(page === false && { enabled: false }), ...(pagePort !== undefined && { port: pagePort }) },
  });
  if (!loopback.test(configuration.host) && configuration.tokenFrom === undefined) {
    reportWarning(
      `Everybody who can reach ${configuration.host} can use this service: give it a token (--token-from).`,
    );
  }
  const told = new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
  });
  const server = await startServer(configuration);
  process.stderr.write(`brevis: listening on ${server.url}\n`);
  if (server.pageUrl !== undefined) process.stderr.write(`brevis: the compare page is at ${server.pageUrl}\n`);
  await told;
  await server.close();
}
