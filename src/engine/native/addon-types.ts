/**
 * What native/addon/ exports: the one place where TypeScript learns of it.
 */

/** BRV_ENGINE_ABI_VERSION of native/include/brevis_engine.h that this code is written for. */
export const engineAbiVersion = 1;

/** The loaded build/native/brevis.node. */
export interface NativeAddon {
  /** BRV_ENGINE_ABI_VERSION that the addon was compiled with. */
  readonly abiVersion: number;
}
