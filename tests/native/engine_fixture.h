// Models of tests/native/fixtures through the C ABI, and the goldens beside them.
#pragma once

#include <dlfcn.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "brevis_engine.h"
#include "check.h"
#include "io/safetensors.h"
#include "ops/kernels.h"

// The engine under test: the CPU engine, or that of the library that BREVIS_ENGINE_LIBRARY names.
inline const char *engine_library() {
  return std::getenv("BREVIS_ENGINE_LIBRARY");
}

inline const brv_engine_api *engine_table(uint32_t abi_version) {
  if (engine_library() == nullptr) return brv_get_engine_api(abi_version);
  static void *const library = dlopen(engine_library(), RTLD_NOW | RTLD_LOCAL);
  using Entry = const brv_engine_api *(*)(uint32_t);
  const auto entry = library == nullptr ? nullptr : reinterpret_cast<Entry>(dlsym(library, "brv_get_engine_api"));
  if (entry != nullptr) return entry(abi_version);
  std::fprintf(stderr, "%s: expected an engine library: %s\n", engine_library(), dlerror());
  std::exit(1);
}

inline const brv_engine_api &api() {
  return *engine_table(BRV_ENGINE_ABI_VERSION);
}

// What holds for the CPU engine alone is left out for others.
inline bool is_cpu_engine() {
  return std::strcmp(api().engine_name, "cpu") == 0;
}

inline std::string fixture(const std::string &name) {
  return std::string(BREVIS_FIXTURES) + "/" + name;
}

// What scripts/goldens/common.py writes.
struct Goldens {
  explicit Goldens(const std::string &directory, const std::string &name = "goldens") {
    files.add_file(directory + "/" + name + ".safetensors");
    tokens = read<int32_t>("tokens");
    lengths = read<int32_t>("lengths");
    logits = read<float>("logits");
    continuation = read<int32_t>("continuation");
    features = read<int32_t>("features");
  }

  template <typename T>
  std::vector<T> read(const char *name) {
    const brevis::Tensor *tensor = files.find(name);
    if (tensor == nullptr) return {};
    std::vector<T> values(tensor->element_count());
    std::memcpy(values.data(), tensor->data, tensor->byte_count);
    return values;
  }

  brv_batch batch() const {
    return {tokens.data(), tokens.size(), lengths.data(), lengths.size(), features.empty() ? nullptr : features.data()};
  }
  std::vector<int32_t> first_sequence() const { return {tokens.begin(), tokens.begin() + lengths[0]}; }

  brevis::TensorFiles files;
  std::vector<int32_t> tokens, lengths, continuation, features;
  std::vector<float> logits;
};

struct CloseModel {
  void operator()(brv_model *model) const { api().close_model(model); }
};
struct CloseSession {
  void operator()(brv_session *session) const { api().close_session(session); }
};
using ModelHandle = std::unique_ptr<brv_model, CloseModel>;
using SessionHandle = std::unique_ptr<brv_session, CloseSession>;

inline ModelHandle open_model(const std::string &directory, const brv_open_options &options = {}) {
  brv_model *model = nullptr;
  const brv_status status = api().open_model(directory.c_str(), &options, nullptr, &model);
  if (status != BRV_OK) check::fail(__FILE__, __LINE__, directory + ": " + api().last_error());
  return ModelHandle(model);
}

inline SessionHandle open_session(const ModelHandle &model) {
  brv_session *session = nullptr;
  const brv_status status = api().open_session(model.get(), nullptr, &session);
  if (status != BRV_OK) check::fail(__FILE__, __LINE__, api().last_error());
  return SessionHandle(session);
}

inline size_t output_width(const ModelHandle &model) {
  brv_model_info info;
  api().describe_model(model.get(), &info);
  return static_cast<size_t>(info.task == BRV_TASK_KEEP ? info.keep_outputs : info.vocabulary);
}

inline std::vector<float> batch_logits(const ModelHandle &model, const brv_batch &batch,
                                       const std::vector<brv_adapter_use> &adapters = {}) {
  std::vector<float> out(batch.token_count * output_width(model));
  const brv_status status =
      api().logits(model.get(), &batch, adapters.data(), adapters.size(), nullptr, out.data(), out.size());
  if (status != BRV_OK) check::fail(__FILE__, __LINE__, api().last_error());
  return out;
}

struct Generated {
  std::vector<int32_t> tokens;
  brv_generation result{};
  brv_status status = BRV_OK;
};

inline Generated generate(const SessionHandle &session, const std::vector<int32_t> &prompt,
                          brv_generate_options options) {
  Generated out;
  options.context = &out.tokens;
  options.on_token = [](void *context, int32_t token) {
    static_cast<std::vector<int32_t> *>(context)->push_back(token);
    return 0;
  };
  out.status = api().generate(session.get(), prompt.data(), prompt.size(), &options, nullptr, &out.result);
  if (out.status != BRV_OK) check::fail(__FILE__, __LINE__, api().last_error());
  return out;
}

inline float largest_difference(const float *a, const float *b, size_t count) {
  float largest = 0;
  for (size_t i = 0; i < count; ++i)
    largest = std::fmax(largest, std::isnan(a[i] - b[i]) ? INFINITY : std::fabs(a[i] - b[i]));
  return largest;
}

// The names of the kernel tables that this machine runs; other engines have one set.
inline std::vector<std::string> available_kernels() {
  if (!is_cpu_engine()) return {api().engine_name};
  std::vector<std::string> names;
  for (const char *name : {"plain", "avx2", "avx512", "avx512-bf16", "neon", "neon-i8mm"}) {
    if (brevis::find_kernels(name) != nullptr) names.push_back(name);
  }
  return names;
}

// Models opened while this lives use the named kernels.
struct UseKernels {
  explicit UseKernels(const std::string &name) { setenv("BREVIS_KERNELS", name.c_str(), 1); }
  ~UseKernels() { unsetenv("BREVIS_KERNELS"); }
};
