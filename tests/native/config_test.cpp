#include "model/config.h"

#include "check.h"
#include "error.h"

namespace {

const std::string kBase =
    R"("model_type":"qwen3","vocab_size":9,"hidden_size":8,"intermediate_size":16,"num_hidden_layers":2,"num_attention_heads":4)";

brevis::ModelConfig parse(const std::string &more) {
  return brevis::parse_config("{" + kBase + more + "}", "config.json");
}

std::string refusal(const std::string &text, brv_status status) {
  try {
    brevis::parse_config(text, "config.json");
    return "";
  } catch (const brevis::EngineError &error) {
    CHECK_EQUAL(error.status(), status);
    return error.what();
  }
}

}  // namespace

TEST(reads_a_qwen3_config) {
  const brevis::ModelConfig config =
      parse(R"(,"num_key_value_heads":2,"head_dim":6,"rope_theta":1e6,"tie_word_embeddings":true)");
  CHECK_EQUAL(config.key_value_heads, size_t{2});
  CHECK_EQUAL(config.head_size, size_t{6});
  CHECK_EQUAL(config.rope_theta, 1e6);
  CHECK(config.tied_embeddings && config.task == brevis::Task::causal);
  CHECK_EQUAL(parse(R"(,"rope_parameters":{"rope_type":"default","rope_theta":5})").rope_theta, 5.0);
}

TEST(reads_a_keep_task) {
  const brevis::ModelConfig config =
      parse(R"(,"brevis":{"task":"keep","outputs":3,"features":[{"name":"shape","size":7}]})");
  CHECK(config.task == brevis::Task::keep);
  CHECK_EQUAL(config.keep_outputs, size_t{3});
  CHECK_EQUAL(config.features.at(0).name, "shape");
  CHECK_EQUAL(parse(R"(,"brevis":{"task":"keep"})").keep_outputs, size_t{1});
}

TEST(refuses_by_name_what_is_not_supported) {
  const auto with = [](const char *more) { return refusal("{" + kBase + more + "}", BRV_ERROR_UNSUPPORTED); };
  CHECK_CONTAINS(with(R"(,"num_experts":64)"), "mixture-of-experts");
  CHECK_CONTAINS(with(R"(,"rope_scaling":{"rope_type":"yarn"})"), "\"yarn\"");
  CHECK_CONTAINS(with(R"(,"use_sliding_window":true)"), "use_sliding_window");
  CHECK_CONTAINS(with(R"(,"attention_bias":true)"), "attention_bias");
  CHECK_CONTAINS(with(R"(,"hidden_act":"gelu")"), "\"gelu\"");
  CHECK_CONTAINS(with(R"(,"quantization_config":{"quant_method":"gptq"})"), "\"gptq\"");
  CHECK_CONTAINS(with(R"(,"quantization":{"mode":"mxfp4","bits":4})"), "\"mxfp4\"");
  CHECK_CONTAINS(with(R"(,"brevis":{"task":"sing"})"), "\"sing\"");
  CHECK_CONTAINS(refusal(R"({"model_type":"llama"})", BRV_ERROR_UNSUPPORTED), "expected \"qwen3\", got \"llama\"");
  CHECK_CONTAINS(refusal(R"({"model_type":"qwen3_moe"})", BRV_ERROR_UNSUPPORTED), "qwen3_moe");
}

TEST(refuses_absurd_values) {
  const auto with = [](const char *more) { return refusal("{" + kBase + more + "}", BRV_ERROR_INVALID); };
  CHECK_CONTAINS(with(R"(,"head_dim":7)"), "\"head_dim\": expected an even number, got 7");
  CHECK_CONTAINS(with(R"(,"head_dim":99999999)"), "\"head_dim\": expected a whole number from 2 to 1024");
  CHECK_CONTAINS(with(R"(,"num_key_value_heads":3)"), "a divisor of num_attention_heads 4");
  CHECK_CONTAINS(with(R"(,"rope_theta":-1)"), "a positive number");
  CHECK_CONTAINS(with(R"(,"rms_norm_eps":"x")"), "a finite number, got the string");
  CHECK_CONTAINS(with(R"(,"tie_word_embeddings":1)"), "true or false");
  CHECK_CONTAINS(refusal("[]", BRV_ERROR_INVALID), "expected a JSON object");
  CHECK_CONTAINS(refusal(R"({"model_type":"qwen3"})", BRV_ERROR_INVALID), "\"vocab_size\"");
}
