#include "model/model.h"

#include <cmath>

#include "model/int8_attention.h"

namespace brevis {
namespace {

// Rows that a batch computes together, unless one sequence alone is longer: bounds memory, wide enough for full speed.
constexpr size_t kBatchRows = 2048;
// Rows whose logits are computed together.
constexpr size_t kHeadRows = 256;

QuantizeOptions read_quantize_options(const brv_open_options &options) {
  if (options.quantize_bits != 0 && options.quantize_bits != 8) {
    fail_unsupported("quantize_bits: expected 0 or 8, got " + std::to_string(options.quantize_bits));
  }
  if (options.quantize_group < 0) {
    fail_argument("quantize_group: expected 0 or more, got " + std::to_string(options.quantize_group));
  }
  return {options.quantize_bits, static_cast<size_t>(options.quantize_group)};
}

}  // namespace

void check_ids(const int32_t *ids, size_t count, size_t limit, const char *what) {
  for (size_t i = 0; i < count; ++i) {
    if (ids[i] < 0 || static_cast<size_t>(ids[i]) >= limit) {
      fail_argument(std::string(what) + " " + std::to_string(i) + ": expected an id from 0 to " +
                    std::to_string(limit - 1) + ", got " + std::to_string(ids[i]));
    }
  }
}

std::shared_ptr<Model> Model::open(const std::string &directory, const brv_open_options &options,
                                   const CancelFlag &cancel) {
  if (options.threads < 0) fail_argument("threads: expected 0 or more, got " + std::to_string(options.threads));
  const QuantizeOptions quantize = read_quantize_options(options);
  const std::string config_path = directory + "/config.json";
  const ModelConfig config = parse_config(read_text_file(config_path, 1 << 20), config_path);
  const std::shared_ptr<Model> model(new Model());
  model->directory_ = directory;
  model->kernels_ = &best_kernels();
  model->files_.add_model_directory(directory);
  model->qwen3_ =
      std::make_unique<Qwen3>(config, load_qwen3(config, model->files_, *model->kernels_, quantize, cancel));
  model->read_activations(options.activations);
  model->pool_ = ThreadPool::shared();
  const size_t available = model->pool_->thread_count();
  model->threads_ = options.threads == 0 ? available : std::min(available, static_cast<size_t>(options.threads));
  return model;
}

void Model::read_activations(int32_t asked) {
  bool quantized = false;
  qwen3_->weights().visit_linears(
      [&](const LinearLayer &layer) { quantized = quantized || layer.weights.kind == LinearWeights::Kind::affine; });
  if (asked < BRV_ACTIVATIONS_AUTO || asked > BRV_ACTIVATIONS_INT8) {
    fail_argument("activations: expected BRV_ACTIVATIONS_*, got " + std::to_string(asked));
  }
  if (asked == BRV_ACTIVATIONS_INT8 && !quantized) {
    fail_unsupported(directory_ + ": int8 activations need quantized weights (or quantize_bits)");
  }
  int8_activations_ = quantized && asked != BRV_ACTIVATIONS_FLOAT;
  // Keep models stay in float32 unless they are quantized, and hold the keys and values of one layer only.
  if (asked == BRV_ACTIVATIONS_FLOAT || config().task == Task::keep) return;
  const LinearWeights::Kind kind = qwen3_->weights().layers.front().key.weights.kind;
  const bool bf16 = kind == LinearWeights::Kind::bf16;
  bf16_activations_ = bf16 && kernels_->dot_rows_bf16 != nullptr;
  // A cache no more precise than what keys and values are computed from.
  const CacheType floats = bf16 || kind == LinearWeights::Kind::f16 ? CacheType::f16 : CacheType::f32;
  cache_type_ = int8_activations_ ? CacheType::int8 : floats;
}

brv_model_info Model::describe() const {
  const ModelConfig &from = config();
  brv_model_info info{};
  info.task = from.task == Task::keep ? BRV_TASK_KEEP : BRV_TASK_CAUSAL;
  info.vocabulary = static_cast<int32_t>(from.vocabulary);
  info.hidden_size = static_cast<int32_t>(from.hidden_size);
  info.layers = static_cast<int32_t>(from.layers);
  info.attention_heads = static_cast<int32_t>(from.attention_heads);
  info.key_value_heads = static_cast<int32_t>(from.key_value_heads);
  info.head_size = static_cast<int32_t>(from.head_size);
  info.context = static_cast<int32_t>(from.context);
  info.keep_outputs = static_cast<int32_t>(from.keep_outputs);
  info.feature_count = static_cast<int32_t>(from.features.size());
  const LinearWeights &typical = qwen3_->weights().layers.front().query.weights;
  const bool affine = typical.kind == LinearWeights::Kind::affine;
  info.weight_bits = affine ? typical.bits : typical.kind == LinearWeights::Kind::f32 ? 32 : 16;
  info.weight_group = affine ? static_cast<int32_t>(typical.group) : 0;
  info.activation_bits = int8_activations_ ? 8 : bf16_activations_ ? 16 : 32;
  info.threads = static_cast<int32_t>(threads_);
  info.weight_bytes = static_cast<int64_t>(qwen3_->weights().stored_bytes());
  info.kernels = kernels_->name;
  return info;
}

void Model::load_adapter(const std::string &name, const std::string &directory) {
  if (name.empty()) fail_argument("adapter: expected a name that is not empty");
  auto adapter = brevis::load_adapter(directory, qwen3_->weights().shapes(), *kernels_);
  const std::lock_guard lock(adapter_mutex_);
  adapters_[name] = std::move(adapter);
}

void Model::drop_adapter(const std::string &name) {
  const std::lock_guard lock(adapter_mutex_);
  if (adapters_.erase(name) == 0) fail_argument("adapter: none is loaded under the name \"" + name + "\"");
}

ActiveAdapters Model::activate(const brv_adapter_use *uses, size_t count) const {
  ActiveAdapters active;
  if (count == 0) return active;
  if (uses == nullptr) fail_argument("adapters: expected " + std::to_string(count) + " of them, got a null pointer");
  const std::lock_guard lock(adapter_mutex_);
  active.layers.resize(qwen3_->weights().linear_count);
  for (size_t i = 0; i < count; ++i) {
    if (uses[i].name == nullptr) fail_argument("adapters: expected a name, got a null pointer");
    if (!std::isfinite(uses[i].scale))
      fail_argument(std::string("adapter \"") + uses[i].name + "\": expected a finite scale");
    const auto found = adapters_.find(std::string_view(uses[i].name));
    if (found == adapters_.end()) {
      fail_argument(std::string("adapter: none is loaded under the name \"") + uses[i].name + "\"");
    }
    const Adapter &adapter = *active.owners.emplace_back(found->second);
    qwen3_->weights().visit_linears([&](const LinearLayer &layer) {
      const auto pair = adapter.pairs.find(layer.weights.name);
      if (pair == adapter.pairs.end()) return;
      active.layers[layer.index].push_back({&pair->second, uses[i].scale * pair->second.scale});
    });
  }
  return active;
}

Model::Lease::Lease(const Model &model, const CancelFlag &cancel) : model_(model) {
  {
    const std::lock_guard lock(model.workspace_mutex_);
    if (!model.workspaces_.empty()) {
      workspace_ = std::move(model.workspaces_.back());
      model.workspaces_.pop_back();
    }
  }
  if (workspace_ == nullptr) {
    workspace_ =
        std::make_unique<Workspace>(*model.kernels_, model.pool_, model.threads_, model.qwen3_->scratch_bytes());
  }
  workspace_->cancel = cancel;
  workspace_->int8_activations = model.int8_activations_;
  workspace_->bf16_activations = model.bf16_activations_;
}

Model::Lease::~Lease() {
  workspace_->cancel = CancelFlag();
  const std::lock_guard lock(model_.workspace_mutex_);
  // Room was made when it was lent for the first time; if not, it is freed instead.
  try {
    model_.workspaces_.push_back(std::move(workspace_));
  } catch (const std::bad_alloc &) {
  }
}

void Model::check_batch(const brv_batch &batch) const {
  if (batch.tokens == nullptr || batch.lengths == nullptr || batch.sequence_count == 0) {
    fail_argument("batch: expected tokens and lengths of at least one sequence");
  }
  size_t total = 0;
  for (size_t s = 0; s < batch.sequence_count; ++s) {
    if (batch.lengths[s] < 1 || static_cast<size_t>(batch.lengths[s]) > config().context) {
      fail_argument("batch: sequence " + std::to_string(s) + ": expected 1 to " + std::to_string(config().context) +
                    " tokens, got " + std::to_string(batch.lengths[s]));
    }
    total += static_cast<size_t>(batch.lengths[s]);
  }
  if (total != batch.token_count) {
    fail_argument("batch: expected token_count " + std::to_string(total) + " as lengths add up to, got " +
                  std::to_string(batch.token_count));
  }
  check_ids(batch.tokens, total, config().vocabulary, "token");
  const size_t features = config().features.size();
  if ((batch.features != nullptr) != (features > 0)) {
    fail_argument("batch: expected " + std::to_string(features) + " features a token, got " +
                  (batch.features == nullptr ? "none" : "some"));
  }
  for (size_t i = 0; i < total * features; ++i) {
    const Feature &feature = config().features[i % features];
    check_ids(batch.features + i, 1, feature.size, ("feature " + feature.name).c_str());
  }
}

void Model::batch_logits(const brv_batch &batch, const ActiveAdapters &adapters, const CancelFlag &cancel,
                         float *logits) const {
  check_batch(batch);
  check_unchanged();
  Lease workspace(*this, cancel);
  const ModelConfig &shape = config();
  const size_t width = qwen3_->head_size();
  const bool floats = !uses_int8_attention(*workspace, shape);
  std::vector<std::unique_ptr<KeyValueStore>> stores;
  for (size_t sequence = 0, row = 0; sequence < batch.sequence_count;) {
    ForwardInput input{};
    input.tokens = batch.tokens + row;
    if (batch.features != nullptr) input.features = batch.features + row * shape.features.size();
    while (sequence < batch.sequence_count) {
      const size_t count = static_cast<size_t>(batch.lengths[sequence]);
      if (input.rows > 0 && input.rows + count > kBatchRows) break;
      const size_t place = input.sequences.size();
      if (place == stores.size()) {
        stores.push_back(
            floats ? std::make_unique<KeyValueStore>(1, shape.key_value_heads, shape.head_size, cache_type_) : nullptr);
      }
      if (floats) stores[place]->reserve(count);
      input.sequences.push_back({input.rows, count, 0, stores[place].get()});
      input.rows += count;
      ++sequence;
    }
    qwen3_->forward(*workspace, input, adapters);
    for (size_t first = 0; first < input.rows; first += kHeadRows) {
      qwen3_->apply_head(*workspace, workspace->normalized.data() + first * shape.hidden_size,
                         std::min(kHeadRows, input.rows - first), adapters, logits + (row + first) * width);
    }
    row += input.rows;
  }
}

}  // namespace brevis
