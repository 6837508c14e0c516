// What the addon keeps for one Node environment: the main thread or a worker. Nothing of JavaScript is process-wide.
#pragma once

#include <napi.h>

#include <memory>
#include <unordered_set>
#include <vector>

#include "mailbox.h"
#include "open_model.h"

namespace brevis::addon {

class Call;

// All functions are for the JavaScript thread.
class Environment {
 public:
  explicit Environment(Napi::Env env);
  static Environment &of(Napi::Env env) { return *env.GetInstanceData<Environment>(); }

  const std::shared_ptr<Mailbox> &mailbox() const { return mailbox_; }

  // Starts the model's thread. When that ends, the model is closed and forgotten here.
  void start(const std::shared_ptr<OpenModel> &model);

  // Calls that are under way; the event loop waits for them.
  void add(const std::shared_ptr<Call> &call);
  void remove(const std::shared_ptr<Call> &call);

  // Classes of handles are constructed here only: from JavaScript their constructors throw.
  template <typename State>
  Napi::Object construct(const Napi::FunctionReference &handle_class, std::shared_ptr<State> state) {
    state_ = std::move(state);
    return handle_class.New({});
  }
  template <typename State>
  std::shared_ptr<State> take_state(Napi::Env env) {
    if (state_ == nullptr) throw Napi::TypeError::New(env, "Expected openModel and openSession to make handles");
    return std::static_pointer_cast<State>(std::exchange(state_, nullptr));
  }

  Napi::FunctionReference engine_class, model_class, session_class;

 private:
  void forget(const OpenModel &model);
  void clean_up(Napi::Env env);

  std::shared_ptr<Mailbox> mailbox_;
  std::vector<std::shared_ptr<OpenModel>> models_;
  std::unordered_set<std::shared_ptr<Call>> calls_;
  std::shared_ptr<void> state_;
};

}  // namespace brevis::addon
