#include "open_call.h"

#include "environment.h"

namespace brevis::addon {

Napi::Value OpenCall::make_result(Napi::Env env) {
  Environment &environment = Environment::of(env);
  return environment.construct(environment.model_class, std::make_shared<ModelLease>(model_));
}

void OpenCall::prepare_settling(Napi::Env) {
  // Nobody will hold a model that did not open, so its thread has nothing to wait for.
  if (failure_.has_value()) model_->queue.finish();
}

}  // namespace brevis::addon
