// keep() and logits(): a batch of sequences in, an array of floats for each out.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "arguments.h"
#include "call.h"

namespace brevis::addon {

// brv_engine_api::keep or ::logits.
using BatchFunction = decltype(brv_engine_api::keep);

class BatchCall final : public Call {
 public:
  struct Batch {
    std::vector<int32_t> tokens, lengths, features;
    std::vector<AdapterUse> adapters;
  };

  BatchCall(Napi::Env env, std::shared_ptr<OpenModel> model, BatchFunction function, Batch batch)
      : Call(env, std::move(model)), function_(function), batch_(std::move(batch)) {}

 protected:
  brv_status work() override;
  Napi::Value make_result(Napi::Env env) override;

 private:
  const BatchFunction function_;
  const Batch batch_;
  std::vector<float> output_;  // [tokens, output_width()]
};

// Reads (sequences: { tokens, features? }[], adapters: { name, scale }[]).
Napi::Value start_batch_call(const Napi::CallbackInfo &info, const std::shared_ptr<OpenModel> &model,
                             BatchFunction brv_engine_api::*function);

}  // namespace brevis::addon
