#include "exit_guard.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <mutex>
#include <utility>
#include <vector>

#include "open_model.h"

#if !defined(_WIN32)
#include <dlfcn.h>
#endif

namespace brevis::addon {
namespace {

// How long exit() may take for the work to stop. A call looks at its cancel flag at each layer.
constexpr auto kPatience = std::chrono::seconds(5);

struct Guard {
  std::mutex mutex;
  std::vector<std::weak_ptr<OpenModel>> models;
  std::vector<const brv_engine_api *> engines;
  bool registered = false;
  std::atomic<bool> ending{false};
};

// Never destroyed: other threads may look at it until the very end.
Guard &guard() {
  static Guard *const instance = new Guard();
  return *instance;
}

void stop_all() {
  std::vector<std::shared_ptr<OpenModel>> models;
  {
    const std::lock_guard lock(guard().mutex);
    guard().ending = true;
    for (const auto &each : guard().models) {
      if (auto model = each.lock()) models.push_back(std::move(model));
    }
  }
  for (const auto &model : models) model->queue.abandon();
  for (const auto &model : models) model->queue.end(kPatience);
}

// Node closes an addon's library with the last worker that loaded it: what exit() calls must outlast that.
void keep_library_loaded() {
#if !defined(_WIN32)
  Dl_info info{};
  if (::dladdr(reinterpret_cast<const void *>(&stop_all), &info) != 0 && info.dli_fname != nullptr) {
    ::dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
  }
#endif
}

}  // namespace

void guard_exit(const std::shared_ptr<OpenModel> &model) {
  const std::lock_guard lock(guard().mutex);
  if (!std::exchange(guard().registered, true)) {
    keep_library_loaded();
    std::atexit(stop_all);
  }
  std::erase_if(guard().models, [](const auto &each) { return each.expired(); });
  guard().models.push_back(model);
}

void guard_exit_of(const brv_engine_api &api) {
  const std::lock_guard lock(guard().mutex);
  auto &engines = guard().engines;
  if (std::find(engines.begin(), engines.end(), &api) != engines.end()) return;
  engines.push_back(&api);
  std::atexit(stop_all);
}

bool process_is_ending() {
  return guard().ending;
}

}  // namespace brevis::addon
