// How engine threads reach the JavaScript thread of one Node environment.
#pragma once

#include <napi.h>

#include <deque>
#include <functional>
#include <memory>
#include <mutex>

namespace brevis::addon {

class Mailbox {
 public:
  using Message = std::function<void(Napi::Env)>;

  // On the JavaScript thread.
  static std::shared_ptr<Mailbox> open(Napi::Env env);

  // From any thread: the message runs on the JavaScript thread, after those before it; never, once the mailbox is
  // closed.
  void post(Message message);

  // On the JavaScript thread: while something holds it, the event loop does not end.
  void hold(Napi::Env env);
  void let_go(Napi::Env env);
  // On the JavaScript thread, before the environment goes.
  void close();

 private:
  Mailbox() = default;
  static void wake(napi_env env, napi_value function, void *context, void *data);
  void deliver(Napi::Env env);

  std::mutex mutex_;
  std::deque<Message> messages_;
  bool signalled_ = false;
  bool closed_ = false;
  napi_threadsafe_function function_ = nullptr;
  size_t holders_ = 0;
};

}  // namespace brevis::addon
