#include "model/qwen3_weights.h"

namespace brevis {
namespace {

class Loader {
 public:
  Loader(const ModelConfig &config, const TensorFiles &files, const Kernels &kernels, const QuantizeOptions &quantize,
         const CancelFlag &cancel)
      : config_(config), files_(files), kernels_(kernels), quantize_(quantize), cancel_(cancel) {}

  Qwen3Weights load() {
    Qwen3Weights weights;
    weights.embeddings =
        load_linear(files_, "model.embed_tokens", config_.vocabulary, config_.hidden_size, kernels_, {});
    for (const Feature &feature : config_.features) {
      weights.features.push_back(
          load_linear(files_, "feature_embeddings." + feature.name, feature.size, config_.hidden_size, kernels_, {}));
    }
    for (size_t i = 0; i < config_.layers; ++i) {
      weights.layers.push_back(load_layer("model.layers." + std::to_string(i) + "."));
    }
    weights.final_norm = vector("model.norm.weight", config_.hidden_size);
    load_head(weights);
    weights.linear_count = next_index_;
    return weights;
  }

 private:
  Buffer<float> vector(const std::string &name, size_t size) { return load_vector(files_, name, {size}, kernels_); }

  LinearLayer linear(const std::string &name, size_t rows, size_t columns) {
    cancel_.check();
    return {load_linear(files_, name, rows, columns, kernels_, quantize_), next_index_++};
  }

  Qwen3Layer load_layer(const std::string &prefix) {
    const size_t hidden = config_.hidden_size, middle = config_.intermediate_size;
    const size_t query_size = config_.attention_heads * config_.head_size;
    const size_t key_size = config_.key_value_heads * config_.head_size;
    Qwen3Layer layer;
    layer.input_norm = vector(prefix + "input_layernorm.weight", hidden);
    layer.attention_norm_after = vector(prefix + "post_attention_layernorm.weight", hidden);
    layer.query_norm = vector(prefix + "self_attn.q_norm.weight", config_.head_size);
    layer.key_norm = vector(prefix + "self_attn.k_norm.weight", config_.head_size);
    layer.query = linear(prefix + "self_attn.q_proj", query_size, hidden);
    layer.key = linear(prefix + "self_attn.k_proj", key_size, hidden);
    layer.value = linear(prefix + "self_attn.v_proj", key_size, hidden);
    layer.output = linear(prefix + "self_attn.o_proj", hidden, query_size);
    layer.gate = linear(prefix + "mlp.gate_proj", middle, hidden);
    layer.up = linear(prefix + "mlp.up_proj", middle, hidden);
    layer.down = linear(prefix + "mlp.down_proj", hidden, middle);
    return layer;
  }

  void load_head(Qwen3Weights &weights) {
    weights.head.index = next_index_++;
    if (config_.task == Task::keep) {
      weights.head.weights = load_linear(files_, "keep_head", config_.keep_outputs, config_.hidden_size, kernels_, {});
      if (files_.find("keep_head.bias") != nullptr) weights.head_bias = vector("keep_head.bias", config_.keep_outputs);
    } else if (!config_.tied_embeddings) {
      weights.head.weights = load_linear(files_, "lm_head", config_.vocabulary, config_.hidden_size, kernels_, {});
    }
  }

  const ModelConfig &config_;
  const TensorFiles &files_;
  const Kernels &kernels_;
  const QuantizeOptions &quantize_;
  const CancelFlag &cancel_;
  size_t next_index_ = 0;
};

}  // namespace

Qwen3Weights load_qwen3(const ModelConfig &config, const TensorFiles &files, const Kernels &kernels,
                        const QuantizeOptions &quantize, const CancelFlag &cancel) {
  return Loader(config, files, kernels, quantize, cancel).load();
}

void Qwen3Weights::visit_linears(const std::function<void(const LinearLayer &)> &visit) const {
  for (const Qwen3Layer &layer : layers) {
    for (const LinearLayer *linear :
         {&layer.query, &layer.key, &layer.value, &layer.output, &layer.gate, &layer.up, &layer.down}) {
      visit(*linear);
    }
  }
  if (head.weights.data != nullptr) visit(head);
}

LinearShapes Qwen3Weights::shapes() const {
  LinearShapes shapes;
  visit_linears([&](const LinearLayer &layer) {
    shapes[layer.weights.name] = {layer.weights.rows, layer.weights.columns};
  });
  return shapes;
}

size_t Qwen3Weights::stored_bytes() const {
  size_t total = embeddings.stored_bytes;
  for (const LinearWeights &feature : features) total += feature.stored_bytes;
  visit_linears([&](const LinearLayer &layer) { total += layer.weights.stored_bytes; });
  return total;
}

}  // namespace brevis
