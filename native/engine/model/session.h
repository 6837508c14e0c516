// A KV cache of one sequence, and generation from it.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "model/model.h"
#include "model/sampler.h"

namespace brevis {

class Session {
 public:
  Session(std::shared_ptr<const Model> model, size_t context);

  // As the contract's generate(); fills `result` as it goes, so that it holds after a cancelled call too.
  void generate(const int32_t *prompt, size_t prompt_count, const brv_generate_options &options,
                const CancelFlag &cancel, brv_generation &result);

  // Appends tokens to the cache and gives the logits of the last `wanted` of them: [wanted, vocabulary] in the
  // workspace.
  float *append(Workspace &workspace, const int32_t *tokens, size_t count, size_t wanted,
                const ActiveAdapters &adapters);
  // Forgets what is beyond `count` tokens.
  void truncate(size_t count) { tokens_.resize(std::min(count, tokens_.size())); }
  const std::vector<int32_t> &tokens() const { return tokens_; }
  const Model &model() const { return *model_; }

 private:
  size_t reuse_prefix(const int32_t *prompt, size_t prompt_count, const ActiveAdapters &adapters);
  float *prefill(Workspace &workspace, const int32_t *prompt, size_t prompt_count, const ActiveAdapters &adapters);

  std::shared_ptr<const Model> model_;
  size_t context_;
  KeyValueStore store_;
  std::vector<int32_t> tokens_;  // whose keys and values the store holds
  // The adapters that they were computed with: a cache of other adapters is of no use.
  std::vector<std::shared_ptr<const Adapter>> adapter_owners_;
  std::vector<float> adapter_scales_;

  friend class Busy;
  std::atomic<bool> busy_{false};
};

// Marks a session as in use; throws BRV_ERROR_BUSY when it is already.
class Busy {
 public:
  explicit Busy(Session &session);
  ~Busy() { session_.busy_.store(false, std::memory_order_release); }
  Busy(const Busy &) = delete;
  Busy &operator=(const Busy &) = delete;

 private:
  Session &session_;
};

}  // namespace brevis
