#include "model/adapter.h"

#include <cmath>
#include <string_view>

#include "error.h"
#include "model/linear_weights.h"

namespace brevis {
namespace {

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

bool file_exists(const std::string &path) {
  try {
    const MappedFile file(path);
    return true;
  } catch (const EngineError &error) {
    if (error.status() != BRV_ERROR_NOT_FOUND) throw;
    return false;
  }
}

struct TensorRole {
  std::string layer;
  bool down = false;
};

// "model.layers.0.self_attn.q_proj.lora_a" (mlx-lm) or "base_model.model.<the same>.lora_A.weight" (PEFT).
TensorRole read_role(const Tensor &tensor, AdapterConfig::Format format) {
  const bool mlx = format == AdapterConfig::Format::mlx;
  std::string_view name = tensor.name;
  for (const bool down : {true, false}) {
    const std::string_view end = mlx ? (down ? ".lora_a" : ".lora_b") : (down ? ".lora_A.weight" : ".lora_B.weight");
    if (!ends_with(name, end)) continue;
    name.remove_suffix(end.size());
    constexpr std::string_view kPrefix = "base_model.model.";
    if (!mlx && name.starts_with(kPrefix)) name.remove_prefix(kPrefix.size());
    return {std::string(name), down};
  }
  fail_unsupported(tensor.describe() +
                   ": expected only LoRA pairs (lora_a, lora_b), no DoRA, embedding or saved module");
}

void transpose(const std::vector<float> &from, size_t rows, size_t columns, float *to) {
  for (size_t r = 0; r < rows; ++r) {
    for (size_t c = 0; c < columns; ++c) to[c * rows + r] = from[r * columns + c];
  }
}

// Brings one half of a pair into this engine's layout; mlx-lm holds both halves transposed.
void load_half(const Tensor &tensor, const TensorRole &role, AdapterConfig::Format format, const LinearShape &shape,
               const Kernels &kernels, LoraPair &pair) {
  const bool mlx = format == AdapterConfig::Format::mlx;
  const size_t outer = role.down ? shape.inputs : shape.outputs;
  // mlx-lm: a [inputs, rank], b [rank, outputs]. PEFT: A [rank, inputs], B [outputs, rank].
  const size_t rank_index = mlx == role.down ? 1 : 0;
  if (tensor.shape.size() != 2 || tensor.shape[1 - rank_index] != outer || tensor.shape[rank_index] == 0) {
    fail_invalid(tensor.describe() + ": expected a rank and " + std::to_string(outer) + " for a layer of " +
                 describe_shape({shape.outputs, shape.inputs}));
  }
  const size_t rank = tensor.shape[rank_index];
  if (pair.rank != 0 && pair.rank != rank) {
    fail_invalid(tensor.describe() + ": expected rank " + std::to_string(pair.rank) + " as in the pair's other half");
  }
  pair.rank = rank;
  pair.inputs = shape.inputs;
  pair.outputs = shape.outputs;
  std::vector<float> values(tensor.element_count());
  decode_tensor(tensor, kernels, values.data());
  check_finite(values.data(), values.size(), tensor);
  float *to = (role.down ? pair.down : pair.up).reserve(values.size());
  if (mlx) {
    transpose(values, tensor.shape[0], tensor.shape[1], to);
  } else {
    std::copy(values.begin(), values.end(), to);
  }
}

float scale_of(const AdapterConfig &config, const std::string &layer, size_t rank) {
  if (config.format == AdapterConfig::Format::mlx) return config.scale;
  float alpha = config.scale;
  for (const auto &[pattern, value] : config.scale_patterns) {
    if (layer == pattern || ends_with(layer, "." + pattern)) alpha = value;
  }
  return alpha / (config.root_rank ? std::sqrt(static_cast<float>(rank)) : static_cast<float>(rank));
}

}  // namespace

std::shared_ptr<const Adapter> load_adapter(const std::string &directory, const LinearShapes &shapes,
                                            const Kernels &kernels) {
  const std::string config_path = directory + "/adapter_config.json";
  const AdapterConfig config = parse_adapter_config(read_text_file(config_path, 1 << 20), config_path);
  const std::string path = directory + (config.format == AdapterConfig::Format::mlx ? "/adapters.safetensors"
                                                                                    : "/adapter_model.safetensors");
  if (!file_exists(path))
    throw EngineError(BRV_ERROR_NOT_FOUND, path + ": expected the adapter's weights, but there is no such file");
  TensorFiles files;
  files.add_file(path);
  auto adapter = std::make_shared<Adapter>();
  for (const auto &[name, tensor] : files.tensors()) {
    const TensorRole role = read_role(tensor, config.format);
    const auto shape = shapes.find(role.layer);
    if (shape == shapes.end()) fail_invalid(tensor.describe() + ": the model has no linear layer " + role.layer);
    load_half(tensor, role, config.format, shape->second, kernels, adapter->pairs[role.layer]);
  }
  for (auto &[layer, pair] : adapter->pairs) {
    if (pair.down.data() == nullptr || pair.up.data() == nullptr) {
      fail_invalid(path + ": layer " + layer + ": expected both halves of its LoRA pair");
    }
    pair.scale = scale_of(config, layer, pair.rank);
  }
  if (adapter->pairs.empty()) fail_invalid(path + ": expected LoRA pairs, but it holds no tensor");
  return adapter;
}

}  // namespace brevis
