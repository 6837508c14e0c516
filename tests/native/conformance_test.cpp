// The engine against goldens written by Hugging Face transformers, mlx-lm and PEFT (scripts/goldens), with every table
// of kernels.
#include <cstdio>

#include "engine_fixture.h"

namespace {

const char *const kFloatModels[] = {"tied-gqa1", "untied-gqa2", "tied-gqa4", "sharded-bf16", "f16"};
const char *const kQuantizedModels[] = {"mlx-q4-g32", "mlx-q8-g64", "mlx-q8-g32-bf16", "mlx-q4-g64-f16",
                                        "mlx-q4-g128-bf16"};
constexpr float kFloatTolerance = 1e-4f, kQuantizedTolerance = 2e-3f;

brv_open_options float_activations() {
  brv_open_options options{};
  options.activations = BRV_ACTIVATIONS_FLOAT;
  return options;
}

void compare(const std::string &what, const std::vector<float> &actual, const std::vector<float> &expected,
             float tolerance) {
  CHECK_EQUAL(actual.size(), expected.size());
  if (actual.size() != expected.size()) return;
  const float difference = largest_difference(actual.data(), expected.data(), actual.size());
  std::printf("     %-40s %.2e\n", what.c_str(), difference);
  CHECK(difference <= tolerance);
}

void check_model(const std::string &name, const std::string &kernels, float tolerance) {
  const ModelHandle model = open_model(fixture(name), float_activations());
  REQUIRE(model != nullptr);
  const Goldens goldens(fixture(name));
  compare(kernels + " " + name, batch_logits(model, goldens.batch()), goldens.logits, tolerance);
  brv_generate_options options{};
  options.max_tokens = static_cast<int32_t>(goldens.continuation.size());
  CHECK(generate(open_session(model), goldens.first_sequence(), options).tokens == goldens.continuation);
}

void check_adapter(const std::string &base, const std::string &adapter, const std::string &kernels, float tolerance) {
  const ModelHandle model = open_model(fixture(base), float_activations());
  REQUIRE(model != nullptr);
  const std::string directory = fixture(base + "/" + adapter);
  CHECK_EQUAL(api().load_adapter(model.get(), "trained", directory.c_str(), nullptr), BRV_OK);
  const Goldens goldens(directory), plain(fixture(base));
  compare(kernels + " " + base + " " + adapter, batch_logits(model, goldens.batch(), {{"trained", 1}}), goldens.logits,
          tolerance);
  // Stacked with its opposite, and unused, it leaves the base as it was.
  compare(kernels + " " + base + " +1 -1", batch_logits(model, goldens.batch(), {{"trained", 1}, {"trained", -1}}),
          plain.logits, tolerance);
  compare(kernels + " " + base + " without", batch_logits(model, goldens.batch()), plain.logits, tolerance);
}

}  // namespace

TEST(float_models_agree_with_transformers) {
  for (const std::string &kernels : available_kernels()) {
    const UseKernels use(kernels);
    for (const char *name : kFloatModels) check_model(name, kernels, kFloatTolerance);
  }
}

TEST(long_positions_agree_with_transformers) {
  for (const std::string &kernels : available_kernels()) {
    if (kernels == "plain") continue;  // minutes under sanitizers
    const UseKernels use(kernels);
    const ModelHandle model = open_model(fixture("untied-gqa2"));
    const Goldens goldens(fixture("untied-gqa2"), "long");
    std::vector<float> logits = batch_logits(model, goldens.batch());
    REQUIRE(logits.size() > goldens.logits.size());
    logits.erase(logits.begin(), logits.end() - static_cast<std::ptrdiff_t>(goldens.logits.size()));
    compare(kernels + " 6000 tokens", logits, goldens.logits, kFloatTolerance);
  }
}

TEST(keep_models_agree_with_transformers) {
  for (const std::string &kernels : available_kernels()) {
    const UseKernels use(kernels);
    for (const char *name : {"keep", "keep-features", "keep-trained"}) {
      const ModelHandle model = open_model(fixture(name));
      REQUIRE(model != nullptr);
      const Goldens goldens(fixture(name));
      compare(kernels + " " + name, batch_logits(model, goldens.batch()), goldens.logits, kFloatTolerance);
      std::vector<float> probabilities(goldens.logits.size());
      const brv_batch batch = goldens.batch();
      CHECK_EQUAL(api().keep(model.get(), &batch, nullptr, 0, nullptr, probabilities.data(), probabilities.size()),
                  BRV_OK);
      for (size_t i = 0; i < probabilities.size(); ++i) {
        CHECK(std::fabs(probabilities[i] - 1 / (1 + std::exp(-goldens.logits[i]))) <= kFloatTolerance);
      }
    }
  }
}

TEST(quantized_models_agree_with_mlx_lm) {
  for (const std::string &kernels : available_kernels()) {
    const UseKernels use(kernels);
    for (const char *name : kQuantizedModels) check_model(name, kernels, kQuantizedTolerance);
  }
}

TEST(adapters_agree_with_their_trainers) {
  for (const std::string &kernels : available_kernels()) {
    const UseKernels use(kernels);
    check_adapter("tied-gqa1", "adapter-peft", kernels, kFloatTolerance);
    check_adapter("tied-gqa1", "adapter-peft-rslora", kernels, kFloatTolerance);
    check_adapter("mlx-q4-g32", "adapter-mlx", kernels, kQuantizedTolerance);
  }
}
