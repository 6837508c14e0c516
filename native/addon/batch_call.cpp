#include "batch_call.h"

#include <algorithm>
#include <string>

namespace brevis::addon {
namespace {

// V8 ends the process where it cannot allocate an ArrayBuffer, so what is asked of it stays far below its limits.
constexpr size_t kMostOutputBytes = size_t{1} << 31;

void append_sequence(const Napi::Object &sequence, size_t feature_count, BatchCall::Batch &batch) {
  const size_t tokens = append_ids(sequence.Get("tokens"), "tokens", batch.tokens);
  if (tokens > INT32_MAX) throw Napi::RangeError::New(sequence.Env(), "tokens: expected fewer than 2^31");
  batch.lengths.push_back(static_cast<int32_t>(tokens));
  const Napi::Value features = sequence.Get("features");
  const size_t count = features.IsUndefined() ? 0 : append_ids(features, "features", batch.features);
  if (count != tokens * feature_count) {
    throw Napi::RangeError::New(sequence.Env(), "features: expected " + std::to_string(feature_count) +
                                                    " for each of " + std::to_string(tokens) + " tokens but received " +
                                                    std::to_string(count) + " in all");
  }
}

}  // namespace

Napi::Value start_batch_call(const Napi::CallbackInfo &info, const std::shared_ptr<OpenModel> &model,
                             BatchFunction brv_engine_api::*function) {
  const Napi::Env env = info.Env();
  const Napi::Array sequences = read_array(argument(info, 0), "sequences");
  BatchCall::Batch batch;
  for (uint32_t i = 0; i < sequences.Length(); ++i) {
    append_sequence(read_object(sequences.Get(i), "sequence"), static_cast<size_t>(model->info().feature_count), batch);
  }
  batch.adapters = read_adapters(argument(info, 1), "adapters");
  const size_t most_tokens = kMostOutputBytes / sizeof(float) / model->output_width();
  if (batch.tokens.size() > most_tokens) {
    throw Napi::RangeError::New(env, "sequences: expected at most " + std::to_string(most_tokens) +
                                         " tokens in a call, as the output is limited to 2 GiB, but received " +
                                         std::to_string(batch.tokens.size()));
  }
  return std::make_shared<BatchCall>(env, model, model->api.*function, std::move(batch))->start(Admission::limited);
}

brv_status BatchCall::work() {
  output_.resize(batch_.tokens.size() * model_->output_width());
  const std::vector<brv_adapter_use> adapters = point_to(batch_.adapters);
  const brv_batch batch{batch_.tokens.data(), batch_.tokens.size(), batch_.lengths.data(), batch_.lengths.size(),
                        batch_.features.empty() ? nullptr : batch_.features.data()};
  return function_(model_->handle(), &batch, adapters.data(), adapters.size(), cancel_flag(), output_.data(),
                   output_.size());
}

Napi::Value BatchCall::make_result(Napi::Env env) {
  Napi::Array arrays = Napi::Array::New(env, batch_.lengths.size());
  const float *from = output_.data();
  for (uint32_t i = 0; i < batch_.lengths.size(); ++i) {
    const size_t count = static_cast<size_t>(batch_.lengths[i]) * model_->output_width();
    Napi::Float32Array array = Napi::Float32Array::New(env, count);
    std::copy_n(from, count, array.Data());
    from += count;
    arrays.Set(i, array);
  }
  return arrays;
}

}  // namespace brevis::addon
