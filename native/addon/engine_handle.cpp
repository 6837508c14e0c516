#include "engine_handle.h"

#include <stdexcept>

#include "arguments.h"
#include "engine_library.h"
#include "environment.h"
#include "failure.h"
#include "open_call.h"

namespace brevis::addon {
namespace {

constexpr int64_t kMostThreads = 4096;
constexpr int64_t kMostWaiting = 1 << 20;

const brv_engine_api *find_engine(Napi::Env env, const Napi::Value &path) {
  if (!path.IsUndefined()) {
    const std::string library = read_string(path, "libraryPath");
    try {
      return open_engine_library(library);
    } catch (const std::runtime_error &error) {
      throw to_error(env, {"not-found", error.what()});
    }
  }
  const brv_engine_api *api = linked_engine();
  if (api == nullptr) throw to_error(env, {"not-found", "This build of the addon has no CPU engine"});
  return api;
}

brv_open_options read_open_options(const Napi::Object &object) {
  brv_open_options options{};
  options.threads = static_cast<int32_t>(read_integer(object, "threads", 0, kMostThreads));
  options.activations =
      static_cast<int32_t>(read_integer(object, "activations", BRV_ACTIVATIONS_AUTO, BRV_ACTIVATIONS_INT8));
  options.quantize_bits = static_cast<int32_t>(read_integer(object, "quantizeBits", 0, 8));
  return options;
}

}  // namespace

Napi::Function EngineHandle::define(Napi::Env env) {
  return DefineClass(
      env, "NativeEngine",
      {InstanceAccessor<&EngineHandle::name>("name"), InstanceMethod<&EngineHandle::open_model>("openModel")});
}

Napi::Value EngineHandle::load(const Napi::CallbackInfo &info) {
  const brv_engine_api *api = find_engine(info.Env(), argument(info, 0));
  Environment &environment = Environment::of(info.Env());
  // Tables live as long as the process.
  const std::shared_ptr<const brv_engine_api> table(api, [](const brv_engine_api *) {});
  return environment.construct(environment.engine_class, std::const_pointer_cast<brv_engine_api>(table));
}

EngineHandle::EngineHandle(const Napi::CallbackInfo &info)
    : ObjectWrap(info), api_(Environment::of(info.Env()).take_state<brv_engine_api>(info.Env())) {}

Napi::Value EngineHandle::name(const Napi::CallbackInfo &info) {
  return Napi::String::New(info.Env(), api_->engine_name);
}

Napi::Value EngineHandle::open_model(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  std::string directory = read_string(argument(info, 0), "directory");
  const Napi::Object options = read_object(argument(info, 1), "options");
  const auto limit = static_cast<size_t>(read_integer(options, "queueLimit", 0, kMostWaiting));
  const brv_open_options open_options = read_open_options(options);
  const auto model = std::make_shared<OpenModel>(*api_, limit);
  const auto call = std::make_shared<OpenCall>(env, model, std::move(directory), open_options);
  try {
    Environment::of(env).start(model);
  } catch (const std::system_error &error) {
    throw to_error(env, {"memory", std::string("No thread could be started for the model: ") + error.what()});
  }
  return call->start(Admission::always);
}

}  // namespace brevis::addon
