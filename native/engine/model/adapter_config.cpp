#include <cmath>

#include "error.h"
#include "io/json_fields.h"
#include "model/adapter.h"

namespace brevis {
namespace {

// mlx-lm: https://github.com/ml-explore/mlx-lm, mlx_lm/tuner/utils.py (load_adapters).
AdapterConfig parse_mlx(const JsonFields &fields, const std::string &source) {
  const std::string type = fields.string("fine_tune_type", "lora");
  if (type != "lora")
    fail_unsupported(source + ": \"fine_tune_type\": only \"lora\" is supported, got \"" + type + "\"");
  const Json *parameters = fields.find("lora_parameters");
  if (parameters == nullptr) fields.fail("lora_parameters", "an object");
  const JsonFields members(*parameters, source + ": lora_parameters");
  AdapterConfig config{};
  config.format = AdapterConfig::Format::mlx;
  config.scale = static_cast<float>(members.number("scale", 20.0));
  return config;
}

void refuse_peft_variants(const JsonFields &fields, const std::string &source) {
  const std::string type = fields.string("peft_type", "LORA");
  if (type != "LORA") fail_unsupported(source + ": \"peft_type\": only \"LORA\" is supported, got \"" + type + "\"");
  for (const char *flag : {"use_dora", "use_qalora", "fan_in_fan_out", "lora_bias"}) {
    if (fields.flag(flag, false)) fail_unsupported(source + ": " + flag + " is not supported");
  }
  if (const std::string bias = fields.string("bias", "none"); bias != "none") {
    fail_unsupported(source + ": \"bias\": only \"none\" is supported, got \"" + bias + "\"");
  }
  for (const char *list : {"modules_to_save", "trainable_token_indices", "target_parameters", "layer_replication"}) {
    const Json *value = fields.find(list);
    if (value == nullptr || (value->array() != nullptr && value->array()->empty())) continue;
    std::string message = source + ": " + list + " is not supported";
    if (value->array() != nullptr) {
      message += ":";
      for (const Json &entry : *value->array()) message.append(" ").append(entry.describe());
    }
    fail_unsupported(message);
  }
}

// PEFT: https://huggingface.co/docs/peft, LoraConfig.
AdapterConfig parse_peft(const JsonFields &fields, const std::string &source) {
  refuse_peft_variants(fields, source);
  AdapterConfig config{};
  config.format = AdapterConfig::Format::peft;
  config.rank = fields.size("r", 1, 1 << 16);
  config.scale = static_cast<float>(fields.number("lora_alpha", 8.0));
  config.root_rank = fields.flag("use_rslora", false);
  const Json *patterns = fields.find("alpha_pattern");
  if (patterns == nullptr) return config;
  if (patterns->object() == nullptr) fields.fail("alpha_pattern", "an object");
  for (const auto &[name, value] : *patterns->object()) {
    double alpha = 0;
    // PEFT takes regular expressions; a plain suffix is what its own examples use.
    if (name.find_first_of("^$*+?()[]{}|\\") != std::string::npos) {
      fail_unsupported(source + ": alpha_pattern: the expression \"" + name + "\" is not supported, only names");
    }
    if (!value.number(alpha) || !std::isfinite(alpha)) fields.fail("alpha_pattern", "finite numbers");
    config.scale_patterns.emplace_back(name, static_cast<float>(alpha));
  }
  return config;
}

}  // namespace

AdapterConfig parse_adapter_config(const std::string &text, const std::string &source) {
  const Json document = Json::parse(text, source);
  if (document.object() == nullptr) fail_invalid(source + ": expected a JSON object, got " + document.describe());
  const JsonFields fields(document, source);
  const bool peft = fields.find("peft_type") != nullptr || fields.find("lora_alpha") != nullptr;
  AdapterConfig config = peft ? parse_peft(fields, source) : parse_mlx(fields, source);
  if (!std::isfinite(config.scale)) fail_invalid(source + ": expected a finite scale");
  return config;
}

}  // namespace brevis
