import type { AdapterUse } from "../types.js";
import type { NativeAdapterUse } from "./addon-types.js";

/** Adapters with their scales; 1 is as trained. */
export function toNativeAdapters(adapters: readonly AdapterUse[] = []): NativeAdapterUse[] {
  return adapters.map(({ name, scale = 1 }) => ({ name, scale }));
}
