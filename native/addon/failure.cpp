#include "failure.h"

namespace brevis::addon {

const char *reason_of(brv_status status) {
  switch (status) {
    case BRV_ERROR_ARGUMENT:
      return "argument";
    case BRV_ERROR_NOT_FOUND:
      return "not-found";
    case BRV_ERROR_INVALID:
      return "invalid";
    case BRV_ERROR_UNSUPPORTED:
      return "unsupported";
    case BRV_ERROR_CHANGED:
      return "changed";
    case BRV_ERROR_CANCELLED:
      return "cancelled";
    case BRV_ERROR_BUSY:
      return "busy";
    case BRV_ERROR_MEMORY:
      return "memory";
    default:
      return "internal";
  }
}

Failure last_failure(const brv_engine_api &api, brv_status status) {
  return {reason_of(status), api.last_error()};
}

Napi::Error to_error(Napi::Env env, const Failure &failure) {
  const Napi::Error error = Napi::Error::New(env, failure.message);
  error.Value().Set("reason", Napi::String::New(env, failure.reason));
  return error;
}

}  // namespace brevis::addon
