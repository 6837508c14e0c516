import { request } from "node:http";
import { onTestFinished } from "vitest";
import { readConfiguration } from "../../src/serve/configuration/read-configuration.js";
import { type RunningServer, type StartOptions, startServer } from "../../src/serve/start-server.js";

export interface TestServer extends RunningServer {
  /** What the service logged, one line each. */
  readonly logged: string[];
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
}

/** On a busy machine nothing may depend on how long it takes. */
const patient = { compressMs: 600_000, waitMs: 600_000 };

/** Starts a service on a free port, on this thread unless told otherwise; it is closed after the test. */
export async function openTestServer(
  settings: Record<string, unknown> = {},
  options: StartOptions = {},
): Promise<TestServer> {
  const logged: string[] = [];
  const configuration = readConfiguration(undefined, {
    port: 0,
    workers: 0,
    log: "debug",
    adaptive: { folder: null },
    ...settings,
    limits: { ...patient, ...(settings.limits as object | undefined) },
  });
  const server = await startServer(configuration, { logTo: { write: (line) => logged.push(line) }, ...options });
  onTestFinished(() => server.close());
  return {
    ...server,
    logged,
    post: (path, body, headers) =>
      fetch(`${server.url}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
  };
}

/** A request with headers that `fetch` would not send. */
export function requestRaw(
  url: string,
  { method = "GET", headers = {}, body = "" }: { method?: string; headers?: Record<string, string>; body?: string },
): Promise<{ status: number; headers: Record<string, unknown>; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (piece) => {
        text += piece;
      });
      answer.on("end", () => resolve({ status: answer.statusCode!, headers: answer.headers, text }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
