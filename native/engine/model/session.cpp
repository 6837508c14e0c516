#include "model/session.h"

#include <algorithm>

#include "model/generation.h"

namespace brevis {
namespace {

// Tokens of a prompt that are computed together.
constexpr size_t kPrefillRows = 256;

}  // namespace

Busy::Busy(Session &session) : session_(session) {
  if (session.busy_.exchange(true, std::memory_order_acquire)) {
    throw EngineError(BRV_ERROR_BUSY, "session: expected one caller at a time, but another thread is in a call on it");
  }
}

Session::Session(std::shared_ptr<const Model> model, size_t context)
    : model_(std::move(model)),
      context_(context),
      store_(model_->config().layers, model_->config().key_value_heads, model_->config().head_size,
             model_->cache_type()) {}

float *Session::append(Workspace &workspace, const int32_t *tokens, size_t count, size_t wanted,
                       const ActiveAdapters &adapters) {
  const Qwen3 &qwen3 = model_->qwen3();
  model_->check_unchanged();
  const size_t position = tokens_.size(), width = model_->config().hidden_size;
  tokens_.reserve(position + count);
  store_.reserve(position + count);
  ForwardInput input{};
  input.tokens = tokens;
  input.rows = count;
  input.sequences = {{0, count, position, &store_}};
  input.store_has_all_layers = true;
  input.unread_rows = count - wanted;
  qwen3.forward(workspace, input, adapters);
  tokens_.insert(tokens_.end(), tokens, tokens + count);
  if (wanted == 0) return nullptr;
  float *logits = workspace.logits.reserve(wanted * qwen3.head_size());
  qwen3.apply_head(workspace, workspace.normalized.data() + (count - wanted) * width, wanted, adapters, logits);
  return logits;
}

size_t Session::reuse_prefix(const int32_t *prompt, size_t prompt_count, const ActiveAdapters &adapters) {
  std::vector<float> scales;
  for (const auto &layer : adapters.layers) {
    for (const ActiveLora &lora : layer) scales.push_back(lora.scale);
  }
  if (adapter_owners_ != adapters.owners || adapter_scales_ != scales) tokens_.clear();
  adapter_owners_ = adapters.owners;
  adapter_scales_ = std::move(scales);
  // The last token is computed in any case, for its logits.
  const size_t most = std::min(tokens_.size(), prompt_count - 1);
  const auto [end, other] = std::mismatch(tokens_.begin(), tokens_.begin() + static_cast<std::ptrdiff_t>(most), prompt);
  truncate(static_cast<size_t>(end - tokens_.begin()));
  return tokens_.size();
}

float *Session::prefill(Workspace &workspace, const int32_t *prompt, size_t prompt_count,
                        const ActiveAdapters &adapters) {
  float *logits = nullptr;
  for (size_t done = tokens_.size(); done < prompt_count;) {
    const size_t count = std::min(kPrefillRows, prompt_count - done);
    logits = append(workspace, prompt + done, count, done + count == prompt_count ? 1 : 0, adapters);
    done += count;
  }
  return logits;
}

void Session::generate(const int32_t *prompt, size_t prompt_count, const brv_generate_options &options,
                       const CancelFlag &cancel, brv_generation &result) {
  const Busy busy(*this);
  if (prompt_count > context_) {
    fail_argument("prompt: expected at most " + std::to_string(context_) + " tokens, got " +
                  std::to_string(prompt_count));
  }
  check_ids(prompt, prompt_count, model_->config().vocabulary, "prompt token");
  const ActiveAdapters adapters = model_->activate(options.adapters, options.adapter_count);
  Model::Lease workspace(*model_, cancel);
  result.prompt_tokens = static_cast<int32_t>(prompt_count);
  result.reused_tokens = static_cast<int32_t>(reuse_prefix(prompt, prompt_count, adapters));
  float *logits = prefill(*workspace, prompt, prompt_count, adapters);
  Generation generation(*this, *workspace, adapters, options, context_, result);
  generation.run(logits);
}

}  // namespace brevis
