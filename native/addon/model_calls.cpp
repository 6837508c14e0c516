#include "model_calls.h"

#include "environment.h"
#include "session_handle.h"

namespace brevis::addon {

Napi::Value OpenSessionCall::make_result(Napi::Env env) {
  Environment &environment = Environment::of(env);
  return environment.construct(environment.session_class,
                               std::make_shared<SessionState>(SessionState{std::move(lease_), session_}));
}

}  // namespace brevis::addon
