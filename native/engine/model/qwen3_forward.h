// The Qwen3 transformer over rows of tokens: causal with a KV cache, or bidirectional.
// Architecture: Qwen3 Technical Report (arXiv 2505.09388); tensor names and details as in Hugging Face transformers.
#pragma once

#include <vector>

#include "model/key_value_store.h"
#include "model/qwen3_weights.h"
#include "model/workspace.h"
#include "ops/rotary_table.h"

namespace brevis {

// Rows first_row .. first_row+count-1 of a forward pass: consecutive tokens of one sequence.
struct SequenceRows {
  size_t first_row, count;
  size_t position;       // of the first of them; what is before it is in the store
  KeyValueStore *store;  // with room for position + count tokens; null with int8 attention, which needs none
};

struct ForwardInput {
  const int32_t *tokens;    // [rows]
  const int32_t *features;  // [rows, features], or null
  size_t rows;
  std::vector<SequenceRows> sequences;
  bool store_has_all_layers;  // false: one layer's keys and values, overwritten by the next layer's
  // Of one sequence: its first rows, whose outputs the caller does not read. Of them the last layer makes keys and
  // values only.
  size_t unread_rows = 0;
};

class Qwen3 {
 public:
  Qwen3(const ModelConfig &config, Qwen3Weights weights);

  const ModelConfig &config() const { return config_; }
  const Qwen3Weights &weights() const { return weights_; }

  // Leaves the last layer's normalized output in workspace.normalized: [rows, hidden_size], but of unread rows.
  void forward(Workspace &workspace, const ForwardInput &input, const ActiveAdapters &adapters) const;
  // The head's logits of `rows` rows of normalized output: [rows, head_size()].
  void apply_head(Workspace &workspace, const float *normalized, size_t rows, const ActiveAdapters &adapters,
                  float *logits) const;
  // The vocabulary, or a keep head's outputs.
  size_t head_size() const;
  size_t scratch_bytes() const;

 private:
  void embed(Workspace &workspace, const ForwardInput &input) const;
  RowStep normalize(Workspace &workspace, const float *weight, size_t first_row, bool add) const;
  void attend(Workspace &workspace, const Qwen3Layer &layer, size_t index, const ForwardInput &input, size_t first_row,
              const ActiveAdapters &adapters) const;
  void place_heads(Workspace &workspace, const Qwen3Layer &layer, size_t store_layer, const ForwardInput &input) const;
  void attend_sequences(Workspace &workspace, size_t store_layer, const ForwardInput &input) const;
  void feed_forward(Workspace &workspace, const Qwen3Layer &layer, size_t first_row, size_t rows,
                    const ActiveAdapters &adapters) const;

  ModelConfig config_;
  Qwen3Weights weights_;
  RotaryTable rotary_;
};

}  // namespace brevis
