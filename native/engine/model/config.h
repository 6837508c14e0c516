// What config.json of a model directory says, checked.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace brevis {

enum class Task { causal, keep };

// A table of embeddings, chosen by an id that the caller gives beside each token, and added to the token's own
// embedding.
struct Feature {
  std::string name;  // tensor "feature_embeddings.<name>.weight" of shape [size, hidden_size]
  size_t size;       // ids are below this
};

struct ModelConfig {
  size_t vocabulary, hidden_size, intermediate_size, layers;
  size_t attention_heads, key_value_heads, head_size;
  size_t context;  // max_position_embeddings
  float norm_epsilon;
  double rope_theta;
  bool tied_embeddings;
  Task task = Task::causal;
  size_t keep_outputs = 0;        // values a token; 0 for causal models
  std::vector<Feature> features;  // keep models only
};

// `text` is the document, `source` its path for messages. Throws BRV_ERROR_INVALID for what is missing or absurd,
// BRV_ERROR_UNSUPPORTED for what other models have: mixture of experts, sliding windows, scaled positions, ...
ModelConfig parse_config(const std::string &text, const std::string &source);

}  // namespace brevis
