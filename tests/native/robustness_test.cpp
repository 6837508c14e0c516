// Broken files, wrong arguments, replaced files, cancelled calls: an error that names the file and the tensor, never a
// crash or a leak.
#include <filesystem>
#include <fstream>

#include "engine_fixture.h"
#include "temporary_directory.h"

namespace {

std::string open_refusal(const std::string &directory, brv_status expected, const brv_open_options &options = {}) {
  brv_model *model = nullptr;
  const brv_status status = api().open_model(directory.c_str(), &options, nullptr, &model);
  CHECK_EQUAL(status, expected);
  CHECK(model == nullptr);
  api().close_model(model);
  return api().last_error();
}

size_t resident_kilobytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stoul(line.substr(6));
  }
  return 0;
}

// Overwrites the first element of a tensor's data in a file.
void poke(const TemporaryDirectory &directory, const std::string &tensor, const void *bytes, size_t count) {
  const std::string path = directory.path("model.safetensors");
  std::string file = read_file(path);
  const auto tensors = brevis::read_safetensors(reinterpret_cast<const uint8_t *>(file.data()), file.size(), path);
  for (const auto &entry : tensors) {
    if (entry.name == tensor)
      std::memcpy(file.data() + (entry.data - reinterpret_cast<const uint8_t *>(file.data())), bytes, count);
  }
  directory.write("model.safetensors", file);
}

void replace_in_config(const TemporaryDirectory &directory, const std::string &from, const std::string &to) {
  std::string config = read_file(directory.path("config.json"));
  config.replace(config.find(from), from.size(), to);
  directory.write("config.json", config);
}

}  // namespace

TEST(the_table_is_for_one_version) {
  CHECK(engine_table(BRV_ENGINE_ABI_VERSION + 1) == nullptr && engine_table(0) == nullptr);
  CHECK_EQUAL(api().abi_version, BRV_ENGINE_ABI_VERSION);
}

TEST(null_pointers_are_refused) {
  brv_model *model = nullptr;
  CHECK_EQUAL(api().open_model(nullptr, nullptr, nullptr, &model), BRV_ERROR_ARGUMENT);
  CHECK_EQUAL(api().open_model("x", nullptr, nullptr, nullptr), BRV_ERROR_ARGUMENT);
  CHECK_EQUAL(api().describe_model(nullptr, nullptr), BRV_ERROR_ARGUMENT);
  CHECK_EQUAL(api().keep(nullptr, nullptr, nullptr, 0, nullptr, nullptr, 0), BRV_ERROR_ARGUMENT);
  CHECK_EQUAL(api().logits(nullptr, nullptr, nullptr, 0, nullptr, nullptr, 0), BRV_ERROR_ARGUMENT);
  CHECK_EQUAL(api().generate(nullptr, nullptr, 0, nullptr, nullptr, nullptr), BRV_ERROR_ARGUMENT);
  CHECK_EQUAL(api().open_session(nullptr, nullptr, nullptr), BRV_ERROR_ARGUMENT);
  CHECK_EQUAL(api().load_adapter(nullptr, nullptr, nullptr, nullptr), BRV_ERROR_ARGUMENT);
  api().close_model(nullptr);
  api().close_session(nullptr);
}

TEST(missing_and_truncated_files_are_named) {
  CHECK_CONTAINS(open_refusal("/nowhere", BRV_ERROR_NOT_FOUND), "/nowhere/config.json");
  const TemporaryDirectory directory;
  directory.copy_from(fixture("tied-gqa1"));
  const std::string whole = read_file(directory.path("model.safetensors"));
  for (size_t part = 0; part < 40; ++part) {
    directory.write("model.safetensors", whole.substr(0, whole.size() * part / 40));
    CHECK_CONTAINS(open_refusal(directory.path(), BRV_ERROR_INVALID), "model.safetensors");
  }
  std::filesystem::remove(directory.path("model.safetensors"));
  CHECK_CONTAINS(open_refusal(directory.path(), BRV_ERROR_NOT_FOUND), "model.safetensors");
}

TEST(tensors_of_wrong_shape_type_or_value_are_named) {
  const TemporaryDirectory directory;
  directory.copy_from(fixture("tied-gqa1"));
  replace_in_config(directory, "\"intermediate_size\": 128", "\"intermediate_size\": 256");
  CHECK_CONTAINS(open_refusal(directory.path(), BRV_ERROR_INVALID),
                 "tensor model.layers.0.mlp.gate_proj.weight (F32 [128, 64]): expected shape [256, 64]");
  replace_in_config(directory, "\"intermediate_size\": 256", "\"intermediate_size\": 128");
  replace_in_config(directory, "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3");
  CHECK_CONTAINS(open_refusal(directory.path(), BRV_ERROR_INVALID),
                 "expected a tensor model.layers.2.input_layernorm.weight");
  replace_in_config(directory, "\"num_hidden_layers\": 3", "\"num_hidden_layers\": 2");
  const float nan = NAN;
  poke(directory, "model.layers.1.self_attn.q_norm.weight", &nan, 4);
  CHECK_CONTAINS(open_refusal(directory.path(), BRV_ERROR_INVALID),
                 "model.layers.1.self_attn.q_norm.weight (F32 [16]): expected finite values");
  directory.copy_from(fixture("mlx-q4-g32"));
  poke(directory, "model.layers.1.mlp.up_proj.scales", &nan, 4);
  CHECK_CONTAINS(open_refusal(directory.path(), BRV_ERROR_INVALID), "model.layers.1.mlp.up_proj.scales");
}

TEST(weights_that_are_not_numbers_are_noticed_in_the_result) {
  for (const std::string &kernels : available_kernels()) {
    const UseKernels use(kernels);
    const TemporaryDirectory directory;
    directory.copy_from(fixture("tied-gqa1"));
    const float nan = NAN;
    poke(directory, "model.layers.1.mlp.up_proj.weight", &nan, 4);
    const ModelHandle model = open_model(directory.path());
    REQUIRE(model != nullptr);
    const Goldens goldens(fixture("tied-gqa1"));
    const brv_batch batch = goldens.batch();
    std::vector<float> out(goldens.logits.size());
    CHECK_EQUAL(api().logits(model.get(), &batch, nullptr, 0, nullptr, out.data(), out.size()), BRV_ERROR_INVALID);
    const brv_open_options quantize = {0, 0, 8, 0};
    CHECK_CONTAINS(open_refusal(directory.path(), BRV_ERROR_INVALID, quantize), "model.layers.1.mlp.up_proj.weight");
  }
}

TEST(wrong_arguments_are_explained) {
  const ModelHandle model = open_model(fixture("tied-gqa1")), keep = open_model(fixture("keep-features"));
  std::vector<float> out(100000);
  const auto refusal = [&](const ModelHandle &handle, const brv_batch &batch, size_t capacity) {
    CHECK_EQUAL(api().logits(handle.get(), &batch, nullptr, 0, nullptr, out.data(), capacity), BRV_ERROR_ARGUMENT);
    return std::string(api().last_error());
  };
  const std::vector<int32_t> tokens = {1, 2, 200}, lengths = {3}, wrong_lengths = {2}, empty = {0, 3};
  CHECK_CONTAINS(refusal(model, {tokens.data(), 3, lengths.data(), 1, nullptr}, out.size()),
                 "token 2: expected an id from 0 to 199, got 200");
  CHECK_CONTAINS(refusal(model, {tokens.data(), 3, wrong_lengths.data(), 1, nullptr}, out.size()),
                 "expected token_count 2");
  CHECK_CONTAINS(refusal(model, {tokens.data(), 3, empty.data(), 2, nullptr}, out.size()),
                 "sequence 0: expected 1 to 8192 tokens, got 0");
  CHECK_CONTAINS(refusal(model, {tokens.data(), 2, wrong_lengths.data(), 1, nullptr}, 399),
                 "expected room for 2 x 200 floats, got 399");
  CHECK_CONTAINS(refusal(model, {tokens.data(), 2, wrong_lengths.data(), 1, tokens.data()}, out.size()),
                 "expected 0 features");
  CHECK_CONTAINS(refusal(keep, {tokens.data(), 2, wrong_lengths.data(), 1, nullptr}, out.size()),
                 "expected 2 features");
  const std::vector<int32_t> features = {1, 2, 11, 0};
  CHECK_CONTAINS(refusal(keep, {tokens.data(), 2, wrong_lengths.data(), 1, features.data()}, out.size()),
                 "feature shape 0: expected an id from 0 to 10, got 11");
  const brv_batch batch = {tokens.data(), 2, wrong_lengths.data(), 1, nullptr};
  CHECK_EQUAL(api().keep(model.get(), &batch, nullptr, 0, nullptr, out.data(), out.size()), BRV_ERROR_UNSUPPORTED);
  brv_session *session = nullptr;
  CHECK_EQUAL(api().open_session(keep.get(), nullptr, &session), BRV_ERROR_UNSUPPORTED);
  CHECK_CONTAINS(open_refusal(fixture("tied-gqa1"), BRV_ERROR_UNSUPPORTED, {0, BRV_ACTIVATIONS_INT8, 0, 0}),
                 "int8 activations");
  CHECK_CONTAINS(open_refusal(fixture("tied-gqa1"), BRV_ERROR_UNSUPPORTED, {0, 0, 3, 0}), "quantize_bits");
}

TEST(a_replaced_file_is_noticed_at_the_next_call) {
  const TemporaryDirectory directory;
  directory.copy_from(fixture("tied-gqa1"));
  const ModelHandle model = open_model(directory.path());
  const SessionHandle session = open_session(model);
  const Goldens goldens(fixture("tied-gqa1"));
  CHECK(!batch_logits(model, goldens.batch()).empty());
  std::filesystem::copy(fixture("tied-gqa1") + "/model.safetensors", directory.path("new"));
  std::filesystem::rename(directory.path("new"), directory.path("model.safetensors"));
  const brv_batch batch = goldens.batch();
  std::vector<float> out(goldens.logits.size());
  CHECK_EQUAL(api().logits(model.get(), &batch, nullptr, 0, nullptr, out.data(), out.size()), BRV_ERROR_CHANGED);
  CHECK_CONTAINS(api().last_error(), "model.safetensors");
  const brv_generate_options options = [] {
    brv_generate_options o{};
    o.max_tokens = 1;
    return o;
  }();
  CHECK_EQUAL(api().generate(session.get(), goldens.tokens.data(), 3, &options, nullptr, nullptr), BRV_ERROR_CHANGED);
}

TEST(a_file_that_is_cut_is_noticed_at_the_next_token) {
  const TemporaryDirectory directory;
  directory.copy_from(fixture("tied-gqa1"));
  const ModelHandle model = open_model(directory.path());
  const SessionHandle session = open_session(model);
  std::string weights = directory.path("model.safetensors");
  brv_generate_options options{};
  options.max_tokens = 5;
  options.context = &weights;
  options.on_token = [](void *context, int32_t) {
    std::filesystem::resize_file(*static_cast<std::string *>(context), 100);
    return 0;
  };
  const int32_t prompt[] = {1, 2, 3};
  brv_generation result{};
  CHECK_EQUAL(api().generate(session.get(), prompt, 3, &options, nullptr, &result), BRV_ERROR_CHANGED);
  CHECK_CONTAINS(api().last_error(), "model.safetensors");
}

TEST(a_model_may_close_before_its_sessions) {
  ModelHandle model = open_model(fixture("tied-gqa1"));
  const SessionHandle session = open_session(model);
  model.reset();
  brv_generate_options options{};
  options.max_tokens = 5;
  CHECK_EQUAL(generate(session, {1, 2, 3}, options).tokens.size(), size_t{5});
}

namespace {

struct Agreement {
  double decisions;       // share of tokens on the same side of the threshold
  double relative_error;  // of the logits
};

// The model quantized while loading, with int8 activations, against itself in floats.
Agreement compare_int8(const std::string &name, const brv_batch &batch) {
  const ModelHandle floats = open_model(fixture(name)), quantized = open_model(fixture(name), {0, 0, 8, 0});
  const auto a = batch_logits(floats, batch), b = batch_logits(quantized, batch);
  brv_model_info info;
  api().describe_model(quantized.get(), &info);
  CHECK(info.weight_bits == 8 && info.weight_group >= 64);
      CHECK_EQUAL(info.activation_bits, is_cpu_engine() ? 8 : 32);
  double agreeing = 0, error = 0, size = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    agreeing += (a[i] > 0) == (b[i] > 0);
    error += (a[i] - b[i]) * (a[i] - b[i]);
    size += a[i] * a[i];
  }
  const Agreement result = {agreeing / static_cast<double>(a.size()), std::sqrt(error / size)};
  std::printf("     %s %s: %.2f %% of %zu decisions agree, relative error %.4f\n", info.kernels, name.c_str(),
              100 * result.decisions, a.size(), result.relative_error);
  return result;
}

}  // namespace

TEST(int8_activations_decide_as_floats_do) {
  for (const std::string &kernels : available_kernels()) {
    const UseKernels use(kernels);
    const Goldens goldens(fixture("keep-trained"));
    const Agreement trained = compare_int8("keep-trained", goldens.batch());
    CHECK(trained.decisions >= 0.995);
    CHECK(trained.relative_error < 0.02);
    // Not the 99.5 % of a trained model: on random weights, values near the threshold are as likely as any.
    std::vector<int32_t> tokens(2000), lengths(20, 100);
    for (size_t i = 0; i < tokens.size(); ++i) tokens[i] = static_cast<int32_t>((i * i * 7 + i / 3) % 200);
    const Agreement random =
        compare_int8("keep", {tokens.data(), tokens.size(), lengths.data(), lengths.size(), nullptr});
    CHECK(random.decisions >= 0.98);
    CHECK(random.relative_error < 0.05);
  }
}

TEST(opening_and_cancelling_leak_nothing) {
  const Goldens goldens(fixture("keep"));
  const brv_batch batch = goldens.batch();
  std::vector<float> out(goldens.logits.size());
  const auto round = [&](int count) {
    for (int i = 0; i < count; ++i) {
      const ModelHandle model = open_model(fixture("keep"));
      const int32_t cancelled = 1;
      CHECK_EQUAL(api().keep(model.get(), &batch, nullptr, 0, &cancelled, out.data(), out.size()), BRV_ERROR_CANCELLED);
    }
  };
  round(100);
  const size_t before = resident_kilobytes();
  round(400);
  const size_t after = resident_kilobytes();
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  CHECK(after < before + 2048);
#else
  (void)before, (void)after;
#endif
}
