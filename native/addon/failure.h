// Why a call failed, on its way from an engine's thread to JavaScript.
#pragma once

#include <napi.h>

#include <string>

#include "brevis_engine.h"

namespace brevis::addon {

struct Failure {
  // One of NativeFailureReason in src/engine/native/addon-types.ts.
  std::string reason;
  std::string message;
};

const char *reason_of(brv_status status);

// The failure that the calling thread's last call on this engine reported.
Failure last_failure(const brv_engine_api &api, brv_status status);

// An Error with the failure's message, and its reason in the property `reason`.
Napi::Error to_error(Napi::Env env, const Failure &failure);

}  // namespace brevis::addon
