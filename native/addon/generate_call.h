// A generation: tokens go to a JavaScript function as they come, in batches of those that came since the last.
#pragma once

#include <napi.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "arguments.h"
#include "call.h"

namespace brevis::addon {

class GenerateCall final : public Call {
 public:
  // Reads (prompt, options, onTokens).
  GenerateCall(const Napi::CallbackInfo &info, std::shared_ptr<OpenModel> model, std::shared_ptr<OpenSession> session);

  // { promise, cancel, stop }
  Napi::Object start(Admission admission) override;
  void forget_javascript() override { on_tokens_.Reset(); }
  const OpenSession *session() const { return session_.get(); }

 protected:
  brv_status work() override;
  Napi::Value make_result(Napi::Env env) override;
  void prepare_settling(Napi::Env env) override;
  void leave_queue() override;

 private:
  static int32_t take_token(void *context, int32_t token);  // model's thread
  void hand_over(Napi::Env env);
  void stop();

  const std::shared_ptr<OpenSession> session_;
  std::vector<int32_t> prompt_, stop_ids_;
  std::vector<AdapterUse> adapters_;
  brv_generate_options options_{};
  Napi::FunctionReference on_tokens_;
  // Ended by the reader of the tokens: no failure, but a generation as long as it is.
  std::atomic<bool> stopped_{false};
  brv_generation report_{};

  std::mutex fresh_mutex_;
  std::vector<int32_t> fresh_;  // not handed over yet
  bool announced_ = false;      // a message is on its way to hand them over
};

}  // namespace brevis::addon
