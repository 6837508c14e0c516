// A call on a model: starts on the JavaScript thread, works on the model's, and settles a promise back on the first.
#pragma once

#include <napi.h>

#include <memory>
#include <optional>

#include "failure.h"
#include "mailbox.h"
#include "open_model.h"

namespace brevis::addon {

class Call : public Task, public std::enable_shared_from_this<Call> {
 public:
  Call(Napi::Env env, std::shared_ptr<OpenModel> model);

  // JavaScript thread, from here on unless it says otherwise.

  // Puts the call into the model's queue: { promise, cancel }. Throws where the queue is full or closed.
  virtual Napi::Object start(Admission admission);
  // Rejects a call that was taken out of the queue.
  void refuse(const Failure &failure);
  Napi::Env env() const { return env_; }
  // Drops what belongs to the environment, which goes: the call may still live on the model's thread.
  virtual void forget_javascript() {}

  void run() noexcept final;   // model's thread
  void tell() noexcept final;  // model's thread

 protected:
  // Model's thread. May throw std::bad_alloc.
  virtual brv_status work() = 0;
  virtual Napi::Value make_result(Napi::Env env) = 0;
  // Before the promise settles.
  virtual void prepare_settling(Napi::Env) {}

  // A call that waits leaves the queue at once, one that runs ends at the engine's next look at its cancel flag.
  void cancel_now();
  // What a call becomes that is cancelled while it waits.
  virtual void leave_queue();
  void settle(Napi::Env env);

  const std::shared_ptr<OpenModel> model_;
  const std::shared_ptr<Mailbox> mailbox_;
  std::optional<Failure> failure_;

  // A method of the object that start() gives.
  template <typename Method>
  void add_method(Napi::Object &object, const char *name, Method method) {
    // The object must not keep a settled call alive.
    auto body = [call = weak_from_this(), method](const Napi::CallbackInfo &) {
      if (const auto held = call.lock()) method(*held);
    };
    object.Set(name, Napi::Function::New(env_, body, name));
  }

 private:
  const Napi::Env env_;
  const Napi::Promise::Deferred deferred_;
  bool settled_ = false;
};

}  // namespace brevis::addon
