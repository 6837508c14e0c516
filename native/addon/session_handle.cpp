#include "session_handle.h"

#include "arguments.h"
#include "environment.h"
#include "generate_call.h"
#include "model_calls.h"

namespace brevis::addon {
namespace {

class DropSessionTask final : public Task {
 public:
  DropSessionTask(std::shared_ptr<OpenModel> model, std::shared_ptr<OpenSession> session)
      : model_(std::move(model)), session_(std::move(session)) {}
  void run() noexcept override { model_->close_session(*session_); }

 private:
  const std::shared_ptr<OpenModel> model_;
  const std::shared_ptr<OpenSession> session_;
};

}  // namespace

Napi::Function SessionHandle::define(Napi::Env env) {
  return DefineClass(
      env, "NativeSession",
      {InstanceMethod<&SessionHandle::generate>("generate"), InstanceMethod<&SessionHandle::close>("close")});
}

SessionHandle::SessionHandle(const Napi::CallbackInfo &info)
    : ObjectWrap(info), state_(Environment::of(info.Env()).take_state<SessionState>(info.Env())) {}

SessionHandle::~SessionHandle() {
  if (closed_) return;
  const std::shared_ptr<OpenModel> &model = state_->lease->model;
  model->queue.add(std::make_shared<DropSessionTask>(model, state_->session), Admission::always);
}

Napi::Value SessionHandle::generate(const Napi::CallbackInfo &info) {
  if (closed_) throw to_error(info.Env(), {"closed", "Expected an open session but this one was closed"});
  return std::make_shared<GenerateCall>(info, state_->lease->model, state_->session)->start(Admission::limited);
}

Napi::Value SessionHandle::close(const Napi::CallbackInfo &info) {
  if (closed_) throw to_error(info.Env(), {"closed", "Expected an open session but this one was closed"});
  const std::shared_ptr<OpenModel> &model = state_->lease->model;
  const auto is_ours = [this](const Task &task) {
    const auto *generation = dynamic_cast<const GenerateCall *>(&task);
    return generation != nullptr && generation->session() == state_->session.get();
  };
  for (const auto &task : model->queue.remove_waiting(is_ours)) {
    std::static_pointer_cast<GenerateCall>(task)->refuse({"refused", "The session was closed before the call ran"});
  }
  const Napi::Value promise =
      std::make_shared<CloseSessionCall>(info.Env(), model, state_->session)->start(Admission::always).Get("promise");
  closed_ = true;
  return promise;
}

}  // namespace brevis::addon
