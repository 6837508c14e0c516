import type { Logger } from "pino";
import type { ChatClient } from "../llm/types.js";
import type { AdaptiveControl } from "./adaptive/adaptive-control.js";
import type { ServeConfiguration } from "./configuration/configuration-schema.js";
import type { ServeMetrics } from "./metrics/create-metrics.js";
import type { ListedModel } from "./models/list-models.js";
import type { ModelProxy } from "./proxy/open-proxy.js";
import type { CompressService } from "./work/compress-service.js";

/** What the endpoints work with. */
export interface Services {
  readonly configuration: ServeConfiguration;
  readonly compress: CompressService;
  readonly metrics: ServeMetrics;
  /** Undefined where requests to models are not passed on. */
  readonly proxy: ModelProxy | undefined;
  readonly log: Logger;
  readonly version: string;
  readonly adaptive: AdaptiveControl;
  /** The client to the providers, opened when it is first asked for. */
  openChat(): Promise<ChatClient>;
  /** Models that can be compared on. */
  models(): { readonly models: readonly ListedModel[]; readonly defaultModel: string | undefined };
  /** The bearer token that callers need; undefined where none is asked for. */
  readonly token: string | undefined;
  /** Whether the process is about to end: new requests are refused. */
  isDraining(): boolean;
}
