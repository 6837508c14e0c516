// A session, as JavaScript sees it: NativeSession in src/engine/native/addon-types.ts.
#pragma once

#include <napi.h>

#include <memory>

#include "open_model.h"

namespace brevis::addon {

struct SessionState {
  std::shared_ptr<ModelLease> lease;
  std::shared_ptr<OpenSession> session;
};

class SessionHandle : public Napi::ObjectWrap<SessionHandle> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit SessionHandle(const Napi::CallbackInfo &info);
  // The garbage collector's backstop: the session is closed after the calls that wait.
  ~SessionHandle() override;

 private:
  Napi::Value generate(const Napi::CallbackInfo &info);
  Napi::Value close(const Napi::CallbackInfo &info);

  const std::shared_ptr<SessionState> state_;
  bool closed_ = false;
};

}  // namespace brevis::addon
