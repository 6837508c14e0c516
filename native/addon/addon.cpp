// The Node addon: what src/engine/native/load-addon.ts loads. Its TypeScript types are in
// src/engine/native/addon-types.ts.
#include <napi.h>

#include "brevis_engine.h"
#include "engine_handle.h"
#include "environment.h"
#include "model_handle.h"
#include "session_handle.h"

namespace brevis::addon {
namespace {

// Runs once for each Node environment (main thread, each worker).
Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  auto *environment = new Environment(env);
  env.SetInstanceData(environment);
  environment->engine_class = Napi::Persistent(EngineHandle::define(env));
  environment->model_class = Napi::Persistent(ModelHandle::define(env));
  environment->session_class = Napi::Persistent(SessionHandle::define(env));
  exports.Set("abiVersion", Napi::Number::New(env, BRV_ENGINE_ABI_VERSION));
  exports.Set("loadEngine", Napi::Function::New<&EngineHandle::load>(env, "loadEngine"));
  return exports;
}

}  // namespace
}  // namespace brevis::addon

static Napi::Object Initialize(Napi::Env env, Napi::Object exports) {
  return brevis::addon::initialize(env, exports);
}

NODE_API_MODULE(brevis, Initialize)
