#include "model_handle.h"

#include "arguments.h"
#include "batch_call.h"
#include "environment.h"
#include "model_calls.h"

namespace brevis::addon {

Napi::Function ModelHandle::define(Napi::Env env) {
  return DefineClass(
      env, "NativeModel",
      {InstanceMethod<&ModelHandle::describe>("describe"), InstanceMethod<&ModelHandle::load_adapter>("loadAdapter"),
       InstanceMethod<&ModelHandle::drop_adapter>("dropAdapter"), InstanceMethod<&ModelHandle::keep>("keep"),
       InstanceMethod<&ModelHandle::logits>("logits"), InstanceMethod<&ModelHandle::open_session>("openSession"),
       InstanceMethod<&ModelHandle::close>("close")});
}

ModelHandle::ModelHandle(const Napi::CallbackInfo &info)
    : ObjectWrap(info), lease_(Environment::of(info.Env()).take_state<ModelLease>(info.Env())) {}

Napi::Value ModelHandle::describe(const Napi::CallbackInfo &info) {
  const brv_model_info &from = lease_->model->info();
  Napi::Object object = Napi::Object::New(info.Env());
  object.Set("engine", lease_->model->api.engine_name);
  object.Set("task", from.task == BRV_TASK_KEEP ? "keep" : "causal");
  object.Set("vocabulary", from.vocabulary);
  object.Set("hiddenSize", from.hidden_size);
  object.Set("layers", from.layers);
  object.Set("attentionHeads", from.attention_heads);
  object.Set("keyValueHeads", from.key_value_heads);
  object.Set("headSize", from.head_size);
  object.Set("context", from.context);
  object.Set("keepOutputs", from.keep_outputs);
  object.Set("featureCount", from.feature_count);
  object.Set("weightBits", from.weight_bits);
  object.Set("weightGroup", from.weight_group);
  object.Set("activationBits", from.activation_bits);
  object.Set("threads", from.threads);
  object.Set("weightBytes", static_cast<double>(from.weight_bytes));
  object.Set("kernels", from.kernels);
  return object;
}

Napi::Value ModelHandle::load_adapter(const Napi::CallbackInfo &info) {
  std::string name = read_string(argument(info, 0), "name");
  std::string directory = read_string(argument(info, 1), "directory");
  return std::make_shared<LoadAdapterCall>(info.Env(), lease_->model, std::move(name), std::move(directory))
      ->start(Admission::limited);
}

Napi::Value ModelHandle::drop_adapter(const Napi::CallbackInfo &info) {
  std::string name = read_string(argument(info, 0), "name");
  return std::make_shared<DropAdapterCall>(info.Env(), lease_->model, std::move(name))->start(Admission::limited);
}

Napi::Value ModelHandle::keep(const Napi::CallbackInfo &info) {
  return start_batch_call(info, lease_->model, &brv_engine_api::keep);
}

Napi::Value ModelHandle::logits(const Napi::CallbackInfo &info) {
  return start_batch_call(info, lease_->model, &brv_engine_api::logits);
}

Napi::Value ModelHandle::open_session(const Napi::CallbackInfo &info) {
  const Napi::Object object = read_object(argument(info, 0), "options");
  brv_session_options options{};
  options.context = static_cast<int32_t>(read_integer(object, "context", 0, INT32_MAX));
  return std::make_shared<OpenSessionCall>(info.Env(), lease_, options)->start(Admission::limited);
}

Napi::Value ModelHandle::close(const Napi::CallbackInfo &info) {
  WorkQueue &queue = lease_->model->queue;
  for (const auto &task : queue.remove_waiting([](const Task &) { return true; })) {
    if (const auto call = std::dynamic_pointer_cast<Call>(task)) {
      call->refuse({"refused", "The model was closed before the call ran"});
    }
  }
  const Napi::Object started = std::make_shared<CloseModelCall>(info.Env(), lease_->model)->start(Admission::always);
  queue.finish();
  return started.Get("promise");
}

}  // namespace brevis::addon
