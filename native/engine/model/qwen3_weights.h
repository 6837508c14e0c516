// The tensors of a Qwen3 model, loaded and checked against its config.
#pragma once

#include <functional>
#include <vector>

#include "error.h"
#include "model/config.h"
#include "model/linear.h"

namespace brevis {

struct Qwen3Layer {
  Buffer<float> input_norm, attention_norm_after;  // [hidden_size]
  Buffer<float> query_norm, key_norm;              // [head_size]: one norm for all heads
  LinearLayer query, key, value, output, gate, up, down;
};

struct Qwen3Weights {
  LinearWeights embeddings;             // [vocabulary, hidden_size]
  std::vector<LinearWeights> features;  // [size, hidden_size] each
  std::vector<Qwen3Layer> layers;
  Buffer<float> final_norm;  // [hidden_size]
  LinearLayer head;          // untied LM head, or keep head; without weights where the embeddings serve
  Buffer<float> head_bias;   // [keep_outputs] of a keep head that has one
  size_t linear_count = 0;   // LinearLayer::index is below this

  size_t stored_bytes() const;
  LinearShapes shapes() const;
  // Calls visit(layer) for each linear layer, heads included.
  void visit_linears(const std::function<void(const LinearLayer &)> &visit) const;
};

// `quantize` applies to the linear layers inside the transformer, not to embeddings and heads.
Qwen3Weights load_qwen3(const ModelConfig &config, const TensorFiles &files, const Kernels &kernels,
                        const QuantizeOptions &quantize, const CancelFlag &cancel);

}  // namespace brevis
