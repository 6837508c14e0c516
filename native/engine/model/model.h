// An open model: files, weights, adapters by name, and the memory that calls compute with.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "model/qwen3_forward.h"

namespace brevis {

class Model {
 public:
  static std::shared_ptr<Model> open(const std::string &directory, const brv_open_options &options,
                                     const CancelFlag &cancel);

  const ModelConfig &config() const { return qwen3_->config(); }
  const Qwen3 &qwen3() const { return *qwen3_; }
  CacheType cache_type() const { return cache_type_; }
  brv_model_info describe() const;

  void load_adapter(const std::string &name, const std::string &directory);
  void drop_adapter(const std::string &name);
  ActiveAdapters activate(const brv_adapter_use *uses, size_t count) const;

  // Throws BRV_ERROR_CHANGED when a weight file is no longer the one that was opened.
  void check_unchanged() const { files_.check_unchanged(); }

  // Lends a workspace to one call and takes it back afterwards, so that its memory is used again.
  class Lease {
   public:
    Lease(const Model &model, const CancelFlag &cancel);
    ~Lease();
    Lease(const Lease &) = delete;
    Lease &operator=(const Lease &) = delete;
    Workspace &operator*() { return *workspace_; }
    Workspace *operator->() { return workspace_.get(); }

   private:
    const Model &model_;
    std::unique_ptr<Workspace> workspace_;
  };

  // Logits of all tokens of a batch: [token_count, head_size()], sequences apart from one another.
  void batch_logits(const brv_batch &batch, const ActiveAdapters &adapters, const CancelFlag &cancel,
                    float *logits) const;

 private:
  Model() = default;
  void check_batch(const brv_batch &batch) const;
  void read_activations(int32_t asked);

  std::string directory_;
  const Kernels *kernels_ = nullptr;
  std::shared_ptr<ThreadPool> pool_;
  size_t threads_ = 1;
  bool int8_activations_ = false;
  bool bf16_activations_ = false;
  CacheType cache_type_ = CacheType::f32;
  TensorFiles files_;
  std::unique_ptr<Qwen3> qwen3_;

  mutable std::mutex adapter_mutex_;
  std::map<std::string, std::shared_ptr<const Adapter>, std::less<>> adapters_;
  mutable std::mutex workspace_mutex_;
  mutable std::vector<std::unique_ptr<Workspace>> workspaces_;
};

// Throws BRV_ERROR_ARGUMENT unless all ids are below `limit`; `what` names them in the message.
void check_ids(const int32_t *ids, size_t count, size_t limit, const char *what);

}  // namespace brevis
