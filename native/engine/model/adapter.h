// LoRA adapters: pairs of small matrices beside linear layers, kept apart from the weights (never merged).
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "io/safetensors.h"
#include "model/config.h"
#include "ops/buffer.h"
#include "ops/kernels.h"

namespace brevis {

// output += scale * up (down input), as float32.
struct LoraPair {
  size_t rank = 0, inputs = 0, outputs = 0;
  float scale = 1;
  Buffer<float> down;  // A: [rank, inputs]
  Buffer<float> up;    // B: [outputs, rank]
};

struct LinearShape {
  size_t outputs, inputs;
};

// Linear layers by the name that their weights have in the base model, e.g. "model.layers.0.self_attn.q_proj".
using LinearShapes = std::map<std::string, LinearShape, std::less<>>;

struct Adapter {
  std::map<std::string, LoraPair, std::less<>> pairs;  // by the same names
};

// Reads mlx-lm's or PEFT's directory. Refuses DoRA, modules_to_save, trained biases and other kinds by name, and pairs
// whose layer or shape does not fit the model.
std::shared_ptr<const Adapter> load_adapter(const std::string &directory, const LinearShapes &shapes,
                                            const Kernels &kernels);

// What adapter_config.json says, for both formats.
struct AdapterConfig {
  enum class Format { mlx, peft } format;
  float scale = 1;         // mlx-lm's scale, or PEFT's alpha
  size_t rank = 0;         // PEFT's r, for layers that rank_pattern does not name
  bool root_rank = false;  // PEFT's use_rslora: alpha / sqrt(r) in place of alpha / r
  std::vector<std::pair<std::string, float>> scale_patterns;  // PEFT's alpha_pattern: suffix of a layer's name -> alpha
};
AdapterConfig parse_adapter_config(const std::string &text, const std::string &source);

}  // namespace brevis
