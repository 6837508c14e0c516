#include "mailbox.h"

#include <utility>

namespace brevis::addon {

std::shared_ptr<Mailbox> Mailbox::open(Napi::Env env) {
  const std::shared_ptr<Mailbox> mailbox(new Mailbox());
  // The function outlives the environment's clean-up by a little, so it has a share of its own.
  auto *share = new std::shared_ptr<Mailbox>(mailbox);
  const auto drop_share = [](napi_env, void *data, void *) { delete static_cast<std::shared_ptr<Mailbox> *>(data); };
  const napi_status status =
      napi_create_threadsafe_function(env, nullptr, nullptr, Napi::String::New(env, "brevis engine"), 0, 1, share,
                                      drop_share, share, &Mailbox::wake, &mailbox->function_);
  if (status != napi_ok) {
    delete share;
    throw Napi::Error::New(env);
  }
  napi_unref_threadsafe_function(env, mailbox->function_);
  return mailbox;
}

void Mailbox::post(Message message) {
  const std::lock_guard lock(mutex_);
  if (closed_) return;
  messages_.push_back(std::move(message));
  if (signalled_) return;
  signalled_ = true;
  napi_call_threadsafe_function(function_, nullptr, napi_tsfn_nonblocking);
}

void Mailbox::hold(Napi::Env env) {
  if (holders_++ == 0) napi_ref_threadsafe_function(env, function_);
}

void Mailbox::let_go(Napi::Env env) {
  if (--holders_ == 0 && !closed_) napi_unref_threadsafe_function(env, function_);
}

void Mailbox::close() {
  std::deque<Message> forgotten;
  const std::lock_guard lock(mutex_);
  closed_ = true;
  forgotten.swap(messages_);
}

// env is null when the function ends with its environment.
void Mailbox::wake(napi_env env, napi_value, void *context, void *) {
  if (env == nullptr) return;
  const std::shared_ptr<Mailbox> mailbox = *static_cast<std::shared_ptr<Mailbox> *>(context);
  mailbox->deliver(env);
}

void Mailbox::deliver(Napi::Env env) {
  std::deque<Message> messages;
  {
    const std::lock_guard lock(mutex_);
    signalled_ = false;
    messages.swap(messages_);
  }
  for (const Message &message : messages) {
    const Napi::HandleScope scope(env);
    try {
      message(env);
    } catch (...) {
      // Only while a worker is being terminated: then no JavaScript runs any more, and nobody is left to tell.
    }
  }
}

}  // namespace brevis::addon
