#include "model/config.h"

#include <cmath>

#include "error.h"
#include "io/json_fields.h"

namespace brevis {
namespace {

constexpr size_t kMostWide = 1 << 20;

void refuse_other_architectures(const JsonFields &fields, const std::string &source) {
  if (fields.find("num_experts") != nullptr || fields.find("num_local_experts") != nullptr) {
    fail_unsupported(source + ": mixture-of-experts models (num_experts) are not supported");
  }
  const std::string type = fields.string("model_type", "");
  if (type != "qwen3") fail_unsupported(source + ": \"model_type\": expected \"qwen3\", got \"" + type + "\"");
  if (fields.flag("attention_bias", false)) fail_unsupported(source + ": attention_bias is not supported");
  if (fields.flag("use_sliding_window", false)) fail_unsupported(source + ": use_sliding_window is not supported");
  const std::string activation = fields.string("hidden_act", "silu");
  if (activation != "silu") {
    fail_unsupported(source + ": \"hidden_act\": expected \"silu\", got \"" + activation + "\"");
  }
}

// mlx-lm writes "quantization"; other schemes write "quantization_config" with a quant_method of theirs.
void refuse_other_quantizations(const JsonFields &fields, const std::string &source) {
  for (const char *key : {"quantization", "quantization_config"}) {
    const Json *section = fields.find(key);
    if (section == nullptr) continue;
    const JsonFields members(*section, source + ": " + key);
    const std::string method = members.string("quant_method", "");
    if (!method.empty())
      fail_unsupported(source + ": quantization method \"" + method + "\" is not supported, only MLX affine");
    const std::string mode = members.string("mode", "affine");
    if (mode != "affine")
      fail_unsupported(source + ": quantization mode \"" + mode + "\" is not supported, only affine");
  }
}

// rope_theta stands at the top in older configs, under rope_parameters in newer ones.
double read_rope_theta(const JsonFields &fields, const std::string &source) {
  double theta = fields.number("rope_theta", 10000.0);
  for (const char *key : {"rope_scaling", "rope_parameters"}) {
    const Json *section = fields.find(key);
    if (section == nullptr) continue;
    const JsonFields members(*section, source + ": " + key);
    const std::string type = members.string("rope_type", members.string("type", "default").c_str());
    if (type != "default") fail_unsupported(source + ": " + key + " of type \"" + type + "\" is not supported");
    theta = members.number("rope_theta", theta);
  }
  if (!(theta > 0)) fields.fail("rope_theta", "a positive number");
  return theta;
}

void read_keep_task(const JsonFields &fields, const std::string &source, ModelConfig &config) {
  const Json *section = fields.find("brevis");
  if (section == nullptr) return;
  const JsonFields members(*section, source + ": brevis");
  const std::string task = members.string("task", "causal");
  if (task == "causal") return;
  if (task != "keep")
    fail_unsupported(source + ": brevis: \"task\": expected \"keep\" or \"causal\", got \"" + task + "\"");
  config.task = Task::keep;
  config.keep_outputs = members.size("outputs", 1, 1024, 1);
  const Json *features = members.find("features");
  if (features == nullptr) return;
  if (features->array() == nullptr || features->array()->size() > 64)
    members.fail("features", "an array of at most 64");
  for (const Json &entry : *features->array()) {
    const JsonFields feature(entry, source + ": brevis: features");
    config.features.push_back({feature.string("name", ""), feature.size("size", 1, kMostWide)});
    if (config.features.back().name.empty()) feature.fail("name", "a string");
  }
}

}  // namespace

ModelConfig parse_config(const std::string &text, const std::string &source) {
  const Json document = Json::parse(text, source);
  if (document.object() == nullptr) fail_invalid(source + ": expected a JSON object, got " + document.describe());
  const JsonFields fields(document, source);
  refuse_other_architectures(fields, source);
  refuse_other_quantizations(fields, source);
  ModelConfig config;
  config.vocabulary = fields.size("vocab_size", 1, 1 << 24);
  config.hidden_size = fields.size("hidden_size", 1, kMostWide);
  config.intermediate_size = fields.size("intermediate_size", 1, kMostWide);
  config.layers = fields.size("num_hidden_layers", 1, 1024);
  config.attention_heads = fields.size("num_attention_heads", 1, 1024);
  config.key_value_heads = fields.size("num_key_value_heads", 1, 1024, config.attention_heads);
  if (config.attention_heads % config.key_value_heads != 0) {
    fields.fail("num_key_value_heads", "a divisor of num_attention_heads " + std::to_string(config.attention_heads));
  }
  // Qwen3's own default; the size does not follow from hidden_size.
  config.head_size = fields.size("head_dim", 2, 1024, 128);
  if (config.head_size % 2 != 0) fields.fail("head_dim", "an even number");
  config.context = fields.size("max_position_embeddings", 1, 1 << 24, 32768);
  config.norm_epsilon = static_cast<float>(fields.number("rms_norm_eps", 1e-6));
  if (!(config.norm_epsilon >= 0)) fields.fail("rms_norm_eps", "a number that is not negative");
  config.rope_theta = read_rope_theta(fields, source);
  config.tied_embeddings = fields.flag("tie_word_embeddings", false);
  read_keep_task(fields, source, config);
  return config;
}

}  // namespace brevis
