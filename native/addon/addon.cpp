// The Node addon: what src/engine/native/load-addon.ts loads. Its TypeScript types are in src/engine/native/addon-types.ts.
#include <napi.h>

#include "brevis_engine.h"

namespace {

// Runs once for each Node environment (main thread, each worker), so nothing here may be process-wide state.
Napi::Object Initialize(Napi::Env env, Napi::Object exports) {
  exports.Set("abiVersion", Napi::Number::New(env, BRV_ENGINE_ABI_VERSION));
  return exports;
}

}  // namespace

NODE_API_MODULE(brevis, Initialize)
