// Opening a model, on the thread that will work for it.
#pragma once

#include <string>

#include "call.h"

namespace brevis::addon {

class OpenCall final : public Call {
 public:
  OpenCall(Napi::Env env, std::shared_ptr<OpenModel> model, std::string directory, const brv_open_options &options)
      : Call(env, std::move(model)), directory_(std::move(directory)), options_(options) {}

 protected:
  brv_status work() override { return model_->open(directory_.c_str(), options_, cancel_flag()); }
  Napi::Value make_result(Napi::Env env) override;
  void prepare_settling(Napi::Env env) override;

 private:
  const std::string directory_;
  const brv_open_options options_;
};

}  // namespace brevis::addon
