import { Gauge, type Registry } from "prom-client";
import type { Ledger, LedgerTotals } from "../proxy/open-ledger.js";

/** Shows the ledger's sums among the metrics. Gauges, since a net saving can fall. */
export function observeLedger(registry: Registry, ledger: Pick<Ledger, "totals">): void {
  const gauge = (name: string, help: string, read: (totals: LedgerTotals) => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read(ledger.totals));
      },
    });
  gauge("brevis_proxy_net_dollars", "Dollars saved on models, losses taken off.", ({ dollars }) => dollars.net);
  gauge("brevis_proxy_cost_dollars", "Dollars spent on models.", ({ dollars }) => dollars.cost);
  gauge("brevis_proxy_saved_tokens", "Tokens of input that were not sent.", ({ tokens }) => tokens.saved);
  gauge("brevis_proxy_requests", "Requests to models whose answer stated its usage.", ({ requests }) => requests);
}
