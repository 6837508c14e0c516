#include "environment.h"

#include <algorithm>

#include "call.h"
#include "exit_guard.h"

namespace brevis::addon {
namespace {

// A call looks at its cancel flag at each layer, opening a model at each tensor. What takes longer is left to itself.
constexpr auto kPatience = std::chrono::seconds(30);

}  // namespace

// Hooks run last registered first: this one before that of the mailbox's function, which it still uses.
Environment::Environment(Napi::Env env) : mailbox_(Mailbox::open(env)) {
  env.AddCleanupHook([this, env] { clean_up(env); });
}

void Environment::start(const std::shared_ptr<OpenModel> &model) {
  models_.push_back(model);
  guard_exit(model);
  try {
    model->queue.start([model, mailbox = mailbox_] {
      model->close();
      mailbox->post([model](Napi::Env env) { Environment::of(env).forget(*model); });
    });
  } catch (const std::system_error &error) {
    models_.pop_back();
    throw;
  }
}

void Environment::forget(const OpenModel &model) {
  const auto found =
      std::find_if(models_.begin(), models_.end(), [&](const auto &each) { return each.get() == &model; });
  if (found == models_.end()) return;
  (*found)->queue.end(kPatience);
  models_.erase(found);
}

void Environment::add(const std::shared_ptr<Call> &call) {
  calls_.insert(call);
  mailbox_->hold(call->env());
}

void Environment::remove(const std::shared_ptr<Call> &call) {
  if (calls_.erase(call) > 0) mailbox_->let_go(call->env());
}

void Environment::clean_up(Napi::Env) {
  mailbox_->close();
  for (const auto &model : models_) model->queue.abandon();
  for (const auto &model : models_) model->queue.end(kPatience);
  models_.clear();
  for (const auto &call : calls_) call->forget_javascript();
  calls_.clear();
}

}  // namespace brevis::addon
