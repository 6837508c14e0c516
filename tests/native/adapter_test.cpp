#include "model/adapter.h"

#include "check.h"
#include "engine_fixture.h"
#include "error.h"
#include "temporary_directory.h"

namespace {

const char *const kPeft = R"({"peft_type":"LORA","r":2,"lora_alpha":4)";

std::string refusal(const std::string &config, brv_status status) {
  try {
    brevis::parse_adapter_config(config, "adapter_config.json");
    return "";
  } catch (const brevis::EngineError &error) {
    CHECK_EQUAL(error.status(), status);
    return error.what();
  }
}

// Loads an adapter of one pair, "<layer><end>" with shapes a and b, onto a layer "layer" of [6, 8].
std::string load_refusal(const std::string &config, const std::string &file, const std::string &header, size_t bytes) {
  const TemporaryDirectory directory;
  directory.write("adapter_config.json", config);
  directory.write(file, safetensors(header, bytes));
  try {
    brevis::load_adapter(directory.path(), {{"layer", {6, 8}}}, *brevis::plain_kernels());
    return "";
  } catch (const brevis::EngineError &error) {
    return error.what();
  }
}

std::string peft_pair(const char *down, const char *up, size_t split, size_t end) {
  return std::string(R"({"base_model.model.layer.lora_A.weight":{"dtype":"F32","shape":)") + down +
         R"(,"data_offsets":[0,)" + std::to_string(split) +
         R"(]},"base_model.model.layer.lora_B.weight":{"dtype":"F32","shape":)" + up + R"(,"data_offsets":[)" +
         std::to_string(split) + "," + std::to_string(end) + "]}}";
}

}  // namespace

TEST(reads_both_kinds_of_config) {
  CHECK_EQUAL(brevis::parse_adapter_config(R"({"lora_parameters":{"rank":4,"scale":2.5}})", "x").scale, 2.5f);
  const brevis::AdapterConfig peft =
      brevis::parse_adapter_config(std::string(kPeft) + R"(,"use_rslora":true,"alpha_pattern":{"q_proj":3}})", "x");
  CHECK(peft.format == brevis::AdapterConfig::Format::peft && peft.root_rank && peft.rank == 2);
  CHECK_EQUAL(peft.scale_patterns.at(0).second, 3.0f);
}

TEST(refuses_by_name_what_is_not_supported) {
  const auto peft = [](const char *more) { return refusal(std::string(kPeft) + more + "}", BRV_ERROR_UNSUPPORTED); };
  CHECK_CONTAINS(peft(R"(,"use_dora":true)"), "use_dora");
  CHECK_CONTAINS(peft(R"(,"modules_to_save":["lm_head"])"), "modules_to_save is not supported: the string \"lm_head\"");
  CHECK_CONTAINS(peft(R"(,"bias":"all")"), "bias");
  CHECK_CONTAINS(peft(R"(,"alpha_pattern":{"^model.*q":3})"), "alpha_pattern");
  CHECK_CONTAINS(refusal(R"({"peft_type":"IA3"})", BRV_ERROR_UNSUPPORTED), "IA3");
  CHECK_CONTAINS(refusal(R"({"fine_tune_type":"dora","lora_parameters":{}})", BRV_ERROR_UNSUPPORTED), "dora");
  CHECK_EQUAL(peft(R"(,"modules_to_save":[],"use_dora":false,"bias":"none")"), "");
}

TEST(refuses_pairs_that_do_not_fit) {
  const std::string config = std::string(kPeft) + "}", file = "adapter_model.safetensors";
  CHECK_EQUAL(load_refusal(config, file, peft_pair("[2,8]", "[6,2]", 64, 112), 112), "");
  CHECK_CONTAINS(load_refusal(config, file, peft_pair("[2,7]", "[6,2]", 56, 104), 104),
                 "lora_A.weight (F32 [2, 7]): expected a rank and 8");
  CHECK_CONTAINS(load_refusal(config, file, peft_pair("[2,8]", "[6,3]", 64, 136), 136), "expected rank 2");
  CHECK_CONTAINS(
      load_refusal(config, file, R"({"layer.lora_A.weight":{"dtype":"F32","shape":[2,8],"data_offsets":[0,64]}})", 64),
      "both halves");
  CHECK_CONTAINS(
      load_refusal(config, file, R"({"other.lora_A.weight":{"dtype":"F32","shape":[2,8],"data_offsets":[0,64]}})", 64),
      "no linear layer other");
  CHECK_CONTAINS(load_refusal(config, file,
                              R"({"layer.lora_magnitude_vector":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 8),
                 "expected only LoRA pairs");
  CHECK_CONTAINS(load_refusal(config, file, "{}", 0), "holds no tensor");
  CHECK_CONTAINS(load_refusal(config, "elsewhere.safetensors", "{}", 0),
                 "adapter_model.safetensors: expected the adapter's weights");
}

TEST(adapters_are_named_swapped_and_dropped) {
  const ModelHandle model = open_model(fixture("tied-gqa1"));
  const Goldens goldens(fixture("tied-gqa1"));
  const std::string one = fixture("tied-gqa1/adapter-peft"), two = fixture("tied-gqa1/adapter-peft-rslora");
  CHECK_EQUAL(api().load_adapter(model.get(), "a", one.c_str(), nullptr), BRV_OK);
  CHECK_EQUAL(api().load_adapter(model.get(), "b", two.c_str(), nullptr), BRV_OK);
  const auto first = batch_logits(model, goldens.batch(), {{"a", 1}}),
             second = batch_logits(model, goldens.batch(), {{"b", 1}});
  CHECK_EQUAL(api().load_adapter(model.get(), "a", two.c_str(), nullptr), BRV_OK);
  CHECK(batch_logits(model, goldens.batch(), {{"a", 1}}) == second && first != second);
  CHECK_EQUAL(api().drop_adapter(model.get(), "a"), BRV_OK);
  CHECK_EQUAL(api().drop_adapter(model.get(), "a"), BRV_ERROR_ARGUMENT);
  CHECK_CONTAINS(api().last_error(), "none is loaded under the name \"a\"");
  const brv_adapter_use gone = {"a", 1};
  const brv_batch batch = goldens.batch();
  std::vector<float> out(goldens.logits.size());
  CHECK_EQUAL(api().logits(model.get(), &batch, &gone, 1, nullptr, out.data(), out.size()), BRV_ERROR_ARGUMENT);
}
