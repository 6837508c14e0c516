// The calls on a model but for the batches: adapters, sessions, closing.
#pragma once

#include <memory>
#include <string>

#include "call.h"

namespace brevis::addon {

class LoadAdapterCall final : public Call {
 public:
  LoadAdapterCall(Napi::Env env, std::shared_ptr<OpenModel> model, std::string name, std::string directory)
      : Call(env, std::move(model)), name_(std::move(name)), directory_(std::move(directory)) {}

 protected:
  brv_status work() override {
    return model_->api.load_adapter(model_->handle(), name_.c_str(), directory_.c_str(), cancel_flag());
  }
  Napi::Value make_result(Napi::Env env) override { return env.Undefined(); }

 private:
  const std::string name_, directory_;
};

class DropAdapterCall final : public Call {
 public:
  DropAdapterCall(Napi::Env env, std::shared_ptr<OpenModel> model, std::string name)
      : Call(env, std::move(model)), name_(std::move(name)) {}

 protected:
  brv_status work() override { return model_->api.drop_adapter(model_->handle(), name_.c_str()); }
  Napi::Value make_result(Napi::Env env) override { return env.Undefined(); }

 private:
  const std::string name_;
};

class OpenSessionCall final : public Call {
 public:
  OpenSessionCall(Napi::Env env, std::shared_ptr<ModelLease> lease, const brv_session_options &options)
      : Call(env, lease->model), lease_(std::move(lease)), options_(options) {}

  void forget_javascript() override { lease_.reset(); }

 protected:
  brv_status work() override { return model_->open_session(options_, session_); }
  Napi::Value make_result(Napi::Env env) override;

 private:
  std::shared_ptr<ModelLease> lease_;
  const brv_session_options options_;
  std::shared_ptr<OpenSession> session_;
};

class CloseSessionCall final : public Call {
 public:
  CloseSessionCall(Napi::Env env, std::shared_ptr<OpenModel> model, std::shared_ptr<OpenSession> session)
      : Call(env, std::move(model)), session_(std::move(session)) {}

 protected:
  brv_status work() override {
    model_->close_session(*session_);
    return BRV_OK;
  }
  Napi::Value make_result(Napi::Env env) override { return env.Undefined(); }

 private:
  const std::shared_ptr<OpenSession> session_;
};

class CloseModelCall final : public Call {
 public:
  using Call::Call;

 protected:
  brv_status work() override {
    model_->close();
    return BRV_OK;
  }
  Napi::Value make_result(Napi::Env env) override { return env.Undefined(); }
};

}  // namespace brevis::addon
