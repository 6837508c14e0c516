import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { CompressService, ServiceAnswer } from "../work/compress-service.js";

/** What the service counts of itself, in a registry of its own. Labels have few values: no caller can make more of them. */
export interface ServeMetrics {
  readonly registry: Registry;
  request(method: string, route: string, status: number, seconds: number): void;
  result(answer: ServiceAnswer): void;
}

const knownMethods = new Set(["GET", "POST", "OPTIONS", "HEAD"]);

export function createMetrics(service: Pick<CompressService, "status">): ServeMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: "brevis_" });
  const requests = new Counter({
    name: "brevis_http_requests_total",
    help: "Requests answered.",
    labelNames: ["method", "route", "status"],
    registers,
  });
  const seconds = new Histogram({
    name: "brevis_http_request_seconds",
    help: "From a request's headers to the end of its answer.",
    labelNames: ["route"],
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60],
    registers,
  });
  const tokens = new Counter({
    name: "brevis_compress_tokens_total",
    help: "Tokens given and returned.",
    labelNames: ["side"],
    registers,
  });
  const results = new Counter({
    name: "brevis_compress_results_total",
    help: "Results by what was decided, and whether they were remembered.",
    labelNames: ["decision", "cached"],
    registers,
  });
  const gauge = (name: string, help: string, read: (status: CompressService["status"]) => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read(service.status));
      },
    });
  gauge("brevis_pool_threads", "Threads that compress.", ({ workers }) => workers.length);
  gauge("brevis_pool_busy", "Texts that are compressed now.", ({ busy }) => busy);
  gauge("brevis_pool_waiting", "Texts that wait for a thread.", ({ waiting }) => waiting);
  gauge("brevis_cache_bytes", "Bytes of remembered results.", ({ cache }) => cache.bytes);
  gauge("brevis_cache_entries", "Remembered results.", ({ cache }) => cache.entries);
  return {
    registry,
    request(method, route, status, taken) {
      requests.inc({ method: knownMethods.has(method) ? method : "other", route, status: String(status) });
      seconds.observe({ route }, taken);
    },
    result({ tokens: { original, compressed }, decision, cached }) {
      tokens.inc({ side: "given" }, original);
      tokens.inc({ side: "returned" }, compressed);
      results.inc({ decision, cached: String(cached) });
    },
  };
}
