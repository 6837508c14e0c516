// An engine, as JavaScript sees it: NativeEngine in src/engine/native/addon-types.ts.
#pragma once

#include <napi.h>

#include <memory>

#include "brevis_engine.h"

namespace brevis::addon {

class EngineHandle : public Napi::ObjectWrap<EngineHandle> {
 public:
  static Napi::Function define(Napi::Env env);
  // loadEngine(libraryPath | undefined)
  static Napi::Value load(const Napi::CallbackInfo &info);

  explicit EngineHandle(const Napi::CallbackInfo &info);

 private:
  Napi::Value name(const Napi::CallbackInfo &info);
  Napi::Value open_model(const Napi::CallbackInfo &info);

  std::shared_ptr<const brv_engine_api> api_;
};

}  // namespace brevis::addon
