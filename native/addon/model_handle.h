// An open model, as JavaScript sees it: NativeModel in src/engine/native/addon-types.ts.
#pragma once

#include <napi.h>

#include <memory>

#include "open_model.h"

namespace brevis::addon {

class ModelHandle : public Napi::ObjectWrap<ModelHandle> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit ModelHandle(const Napi::CallbackInfo &info);

 private:
  Napi::Value describe(const Napi::CallbackInfo &info);
  Napi::Value load_adapter(const Napi::CallbackInfo &info);
  Napi::Value drop_adapter(const Napi::CallbackInfo &info);
  Napi::Value keep(const Napi::CallbackInfo &info);
  Napi::Value logits(const Napi::CallbackInfo &info);
  Napi::Value open_session(const Napi::CallbackInfo &info);
  Napi::Value close(const Napi::CallbackInfo &info);

  const std::shared_ptr<ModelLease> lease_;
};

}  // namespace brevis::addon
