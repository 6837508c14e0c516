// The C ABI: checks pointers, turns exceptions into statuses, and keeps each thread's last message.
#include <cmath>
#include <memory>
#include <new>
#include <string>

#include "brevis_engine.h"
#include "model/session.h"

using brevis::CancelFlag;
using brevis::EngineError;

struct brv_model {
  std::shared_ptr<brevis::Model> model;
};

struct brv_session {
  std::unique_ptr<brevis::Session> session;
};

namespace {

// Fixed memory, so that recording an error cannot fail.
thread_local char last_message[2048] = "";

void record(const char *message) noexcept {
  size_t i = 0;
  for (; message[i] != '\0' && i + 1 < sizeof last_message; ++i) last_message[i] = message[i];
  last_message[i] = '\0';
}

template <typename Body>
brv_status guarded(Body &&body) noexcept {
  try {
    body();
    return BRV_OK;
  } catch (const EngineError &error) {
    record(error.what());
    return error.status();
  } catch (const std::bad_alloc &) {
    record("not enough memory");
    return BRV_ERROR_MEMORY;
  } catch (const std::exception &error) {
    record(error.what());
    return BRV_ERROR_INTERNAL;
  } catch (...) {
    record("unknown error");
    return BRV_ERROR_INTERNAL;
  }
}

void expect(const void *pointer, const char *name) {
  if (pointer == nullptr) brevis::fail_argument(std::string(name) + ": expected a pointer, got null");
}

const char *last_error() {
  return last_message;
}

brv_status open_model(const char *directory, const brv_open_options *options, const int32_t *cancel,
                      brv_model **model) {
  return guarded([&] {
    expect(directory, "directory");
    expect(model, "model");
    auto handle = std::make_unique<brv_model>();
    handle->model =
        brevis::Model::open(directory, options == nullptr ? brv_open_options{} : *options, CancelFlag(cancel));
    *model = handle.release();
  });
}

void close_model(brv_model *model) {
  delete model;
}

brv_status describe_model(const brv_model *model, brv_model_info *info) {
  return guarded([&] {
    expect(model, "model");
    expect(info, "info");
    *info = model->model->describe();
  });
}

brv_status load_adapter(brv_model *model, const char *name, const char *directory, const int32_t *cancel) {
  return guarded([&] {
    expect(model, "model");
    expect(name, "name");
    expect(directory, "directory");
    CancelFlag(cancel).check();
    model->model->load_adapter(name, directory);
  });
}

brv_status drop_adapter(brv_model *model, const char *name) {
  return guarded([&] {
    expect(model, "model");
    expect(name, "name");
    model->model->drop_adapter(name);
  });
}

// Computes the logits of a batch and checks that they are numbers.
size_t compute_logits(brv_model *model, const brv_batch *batch, const brv_adapter_use *adapters, size_t adapter_count,
                      const int32_t *cancel, float *out, size_t capacity) {
  expect(model, "model");
  expect(batch, "batch");
  expect(out, "output buffer");
  const size_t width = model->model->qwen3().head_size();
  if (batch->token_count > capacity / width) {
    brevis::fail_argument("output buffer: expected room for " + std::to_string(batch->token_count) + " x " +
                          std::to_string(width) + " floats, got " + std::to_string(capacity));
  }
  const CancelFlag flag(cancel);
  flag.check();
  model->model->batch_logits(*batch, model->model->activate(adapters, adapter_count), flag, out);
  const size_t count = batch->token_count * width;
  for (size_t i = 0; i < count; ++i) {
    if (!std::isfinite(out[i])) {
      brevis::fail_invalid("logits: expected finite values, but token " + std::to_string(i / width) +
                           "'s are not; the model's or an adapter's weights are broken");
    }
  }
  return count;
}

brv_status logits(brv_model *model, const brv_batch *batch, const brv_adapter_use *adapters, size_t adapter_count,
                  const int32_t *cancel, float *out, size_t capacity) {
  return guarded([&] { compute_logits(model, batch, adapters, adapter_count, cancel, out, capacity); });
}

brv_status keep(brv_model *model, const brv_batch *batch, const brv_adapter_use *adapters, size_t adapter_count,
                const int32_t *cancel, float *probabilities, size_t capacity) {
  return guarded([&] {
    expect(model, "model");
    if (model->model->config().task != brevis::Task::keep) {
      brevis::fail_unsupported("keep: expected a keep model, but the config names no task \"keep\"");
    }
    const size_t count = compute_logits(model, batch, adapters, adapter_count, cancel, probabilities, capacity);
    for (size_t i = 0; i < count; ++i) probabilities[i] = 1.0f / (1.0f + std::exp(-probabilities[i]));
  });
}

brv_status open_session(brv_model *model, const brv_session_options *options, brv_session **session) {
  return guarded([&] {
    expect(model, "model");
    expect(session, "session");
    const brevis::ModelConfig &config = model->model->config();
    if (config.task != brevis::Task::causal) brevis::fail_unsupported("session: a keep model does not generate");
    const int32_t asked = options == nullptr ? 0 : options->context;
    if (asked < 0 || static_cast<size_t>(asked) > config.context) {
      brevis::fail_argument("session: context: expected 0 to " + std::to_string(config.context) + ", got " +
                            std::to_string(asked));
    }
    auto handle = std::make_unique<brv_session>();
    handle->session =
        std::make_unique<brevis::Session>(model->model, asked == 0 ? config.context : static_cast<size_t>(asked));
    *session = handle.release();
  });
}

void close_session(brv_session *session) {
  delete session;
}

void check_generate_options(const brv_generate_options &options, size_t prompt_count) {
  if (prompt_count < 1) brevis::fail_argument("prompt: expected at least one token, got none");
  if (options.max_tokens < 1) {
    brevis::fail_argument("max_tokens: expected 1 or more, got " + std::to_string(options.max_tokens));
  }
  if (options.lookup_tokens < 0 || options.lookup_ngram < 0) {
    brevis::fail_argument("lookup_tokens and lookup_ngram: expected 0 or more");
  }
  if (options.stop_count > 0) expect(options.stop_ids, "stop_ids");
  brevis::check_sampling(options.sampling);
}

brv_status generate(brv_session *session, const int32_t *prompt, size_t prompt_count,
                    const brv_generate_options *options, const int32_t *cancel, brv_generation *generation) {
  brv_generation result{};
  const brv_status status = guarded([&] {
    expect(session, "session");
    expect(prompt, "prompt");
    expect(options, "options");
    check_generate_options(*options, prompt_count);
    const CancelFlag flag(cancel);
    flag.check();
    session->session->generate(prompt, prompt_count, *options, flag, result);
  });
  if (generation != nullptr && (status == BRV_OK || status == BRV_ERROR_CANCELLED)) *generation = result;
  return status;
}

constexpr brv_engine_api kTable = {BRV_ENGINE_ABI_VERSION, "cpu",         last_error,   open_model, close_model,
                                   describe_model,         load_adapter,  drop_adapter, keep,       logits,
                                   open_session,           close_session, generate};

}  // namespace

const brv_engine_api *brv_get_engine_api(uint32_t abi_version) {
  return abi_version == BRV_ENGINE_ABI_VERSION ? &kTable : nullptr;
}
