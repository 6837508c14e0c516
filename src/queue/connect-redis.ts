import type { Redis } from "ioredis";
import { BrevisError } from "../errors.js";
import { loadPackage } from "../load-package.js";

/**
 * Connects to a Redis server. A connection that is lost later on comes back by itself; one that cannot be made fails at once.
 *
 * @param url `redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE]`, or `rediss://` over TLS
 * @throws BrevisError `invalid-option` for another URL, `remote-failed` where no server answers
 */
export async function connectRedis(url: string): Promise<Redis> {
  const place = describePlace(url);
  const { Redis } = await loadPackage("ioredis", () => import("ioredis"));
  const connection = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: null });
  // Without a listener, ioredis prints to the console.
  connection.on("error", () => {});
  let isConnected = false;
  const failed = new Promise<never>((_, reject) => {
    connection.once("error", (cause: Error) => {
      if (!isConnected) reject(cause);
    });
  });
  failed.catch(() => {});
  try {
    await Promise.race([connection.connect(), failed]);
    await Promise.race([connection.ping(), failed]);
    isConnected = true;
    return connection;
  } catch (cause) {
    connection.disconnect();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BrevisError("remote-failed", `Expected a Redis server at ${place} but it could not be used: ${reason}`, {
      hint: "Start one (`redis-server`), or correct the URL after `--queue`.",
    });
  }
}

/** Host and port: what may be printed. */
function describePlace(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed && /^rediss?:$/u.test(parsed.protocol)) return parsed.host;
  throw new BrevisError("invalid-option", "Expected a queue as redis://HOST:PORT but got something else.", {
    hint: "For example `--queue redis://localhost:6379`.",
  });
}
