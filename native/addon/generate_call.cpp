#include "generate_call.h"

#include <algorithm>

namespace brevis::addon {
namespace {

constexpr int64_t kMostSeed = (int64_t{1} << 53) - 1;  // the largest integer that a JavaScript number surely holds

brv_sampling read_sampling(const Napi::Object &object) {
  brv_sampling sampling{};
  sampling.temperature = read_number(object, "temperature");
  sampling.top_k = static_cast<int32_t>(read_integer(object, "topK", 0, INT32_MAX));
  sampling.top_p = read_number(object, "topP");
  sampling.min_p = read_number(object, "minP");
  sampling.repetition_penalty = read_number(object, "repetitionPenalty");
  sampling.seed = static_cast<uint64_t>(read_integer(object, "seed", 0, kMostSeed));
  return sampling;
}

const char *name_of_finish(int32_t finish) {
  switch (finish) {
    case BRV_FINISH_STOP:
      return "stop";
    case BRV_FINISH_LENGTH:
      return "length";
    case BRV_FINISH_CALLBACK:
      return "callback";
    default:
      return "context";
  }
}

}  // namespace

GenerateCall::GenerateCall(const Napi::CallbackInfo &info, std::shared_ptr<OpenModel> model,
                           std::shared_ptr<OpenSession> session)
    : Call(info.Env(), std::move(model)), session_(std::move(session)) {
  append_ids(argument(info, 0), "prompt", prompt_);
  const Napi::Object object = read_object(argument(info, 1), "options");
  options_.max_tokens = static_cast<int32_t>(read_integer(object, "maxTokens", 1, INT32_MAX));
  options_.sampling = read_sampling(object);
  options_.lookup_tokens = static_cast<int32_t>(read_integer(object, "lookupTokens", 0, INT32_MAX));
  options_.lookup_ngram = static_cast<int32_t>(read_integer(object, "lookupNgram", 0, INT32_MAX));
  append_ids(object.Get("stopIds"), "stopIds", stop_ids_);
  adapters_ = read_adapters(object.Get("adapters"), "adapters");
  on_tokens_ = Napi::Persistent(read_function(argument(info, 2), "onTokens"));
}

Napi::Object GenerateCall::start(Admission admission) {
  Napi::Object object = Call::start(admission);
  add_method(object, "stop", [](Call &call) { static_cast<GenerateCall &>(call).stop(); });
  return object;
}

brv_status GenerateCall::work() {
  const std::vector<brv_adapter_use> adapters = point_to(adapters_);
  options_.stop_ids = stop_ids_.data();
  options_.stop_count = stop_ids_.size();
  options_.adapters = adapters.data();
  options_.adapter_count = adapters.size();
  options_.on_token = &GenerateCall::take_token;
  options_.context = this;
  // A pointer that is never null: an empty prompt is refused for what it is.
  const int32_t none = 0;
  const int32_t *prompt = prompt_.empty() ? &none : prompt_.data();
  const brv_status status =
      model_->api.generate(session_->handle, prompt, prompt_.size(), &options_, cancel_flag(), &report_);
  if (status != BRV_ERROR_CANCELLED || !stopped_) return status;
  report_.finish = BRV_FINISH_CALLBACK;
  return BRV_OK;
}

int32_t GenerateCall::take_token(void *context, int32_t token) {
  auto &call = *static_cast<GenerateCall *>(context);
  try {
    const std::lock_guard lock(call.fresh_mutex_);
    call.fresh_.push_back(token);
    if (!std::exchange(call.announced_, true)) {
      call.mailbox_->post(
          [self = call.shared_from_this()](Napi::Env env) { static_cast<GenerateCall &>(*self).hand_over(env); });
    }
  } catch (const std::bad_alloc &) {
    return 1;
  }
  return call.stopped_ ? 1 : 0;
}

void GenerateCall::hand_over(Napi::Env env) {
  std::vector<int32_t> tokens;
  {
    const std::lock_guard lock(fresh_mutex_);
    tokens.swap(fresh_);
    announced_ = false;
  }
  if (tokens.empty() || on_tokens_.IsEmpty()) return;
  Napi::Int32Array array = Napi::Int32Array::New(env, tokens.size());
  std::copy(tokens.begin(), tokens.end(), array.Data());
  try {
    on_tokens_.Call({array});
  } catch (const Napi::Error &) {
    // A reader that fails gets no more tokens.
    stop();
  }
}

void GenerateCall::prepare_settling(Napi::Env env) {
  hand_over(env);
  on_tokens_.Reset();
}

void GenerateCall::stop() {
  stopped_ = true;
  cancel_now();
}

void GenerateCall::leave_queue() {
  if (!stopped_) return Call::leave_queue();
  report_.finish = BRV_FINISH_CALLBACK;
  settle(env());
}

Napi::Value GenerateCall::make_result(Napi::Env env) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("finish", name_of_finish(report_.finish));
  object.Set("promptTokens", report_.prompt_tokens);
  object.Set("reusedTokens", report_.reused_tokens);
  object.Set("generatedTokens", report_.generated_tokens);
  object.Set("draftedTokens", report_.drafted_tokens);
  object.Set("acceptedTokens", report_.accepted_tokens);
  return object;
}

}  // namespace brevis::addon
