import type { Provider } from "../types.js";
import type { Price } from "./model-schema.js";

/** One model as calls need it, wherever it was described. */
export interface Model {
  /** What the caller said: a slug of the registry, or `compatible:NAME`. */
  readonly slug: string;
  readonly provider: Provider;
  /** What the provider is told. */
  readonly name: string;
  readonly api: "responses" | "chat";
  readonly context: number;
  readonly maxOutput: number;
  readonly price: Price | undefined;
  readonly takesTemperature: boolean;
  readonly takesJsonSchema: boolean;
  /** Tokens on top of the answer's for hidden reasoning. */
  readonly reasoningAllowance: number;
  readonly effort: string | undefined;
  readonly countsTokens: boolean;
  /** The base URL of a server of the user's own. */
  readonly baseUrl?: string;
  /** The environment variable of its key. */
  readonly keyVariable?: string;
}
