#include "call.h"

#include <new>

#include "environment.h"

namespace brevis::addon {

Call::Call(Napi::Env env, std::shared_ptr<OpenModel> model)
    : model_(std::move(model)),
      mailbox_(Environment::of(env).mailbox()),
      env_(env),
      deferred_(Napi::Promise::Deferred::New(env)) {}

Napi::Object Call::start(Admission admission) {
  switch (model_->queue.add(shared_from_this(), admission)) {
    case WorkQueue::Answer::full:
      throw to_error(env_, {"overloaded", "Too many calls wait for the model already"});
    case WorkQueue::Answer::closed:
      throw to_error(env_, {"closed", "Expected an open model but this one was closed"});
    case WorkQueue::Answer::taken:
      break;
  }
  Environment::of(env_).add(shared_from_this());
  Napi::Object object = Napi::Object::New(env_);
  object.Set("promise", deferred_.Promise());
  add_method(object, "cancel", [](Call &call) { call.cancel_now(); });
  return object;
}

void Call::run() noexcept {
  try {
    const brv_status status = work();
    if (status != BRV_OK) failure_ = last_failure(model_->api, status);
  } catch (const std::exception &error) {
    failure_ = Failure{"memory", std::string("not enough memory: ") + error.what()};
  }
}

void Call::tell() noexcept {
  mailbox_->post([self = shared_from_this()](Napi::Env env) { self->settle(env); });
}

void Call::refuse(const Failure &failure) {
  failure_ = failure;
  settle(env_);
}

void Call::cancel_now() {
  if (settled_) return;
  cancel();
  if (model_->queue.remove(*this)) leave_queue();
}

void Call::leave_queue() {
  refuse({"cancelled", "cancelled by the caller while it waited"});
}

void Call::settle(Napi::Env env) {
  if (std::exchange(settled_, true)) return;
  Environment::of(env).remove(shared_from_this());
  prepare_settling(env);
  try {
    if (failure_.has_value())
      deferred_.Reject(to_error(env, *failure_).Value());
    else
      deferred_.Resolve(make_result(env));
  } catch (const Napi::Error &error) {
    deferred_.Reject(error.Value());
  }
}

}  // namespace brevis::addon
