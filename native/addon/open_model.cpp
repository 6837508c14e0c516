#include "open_model.h"

#include <algorithm>

#include "exit_guard.h"

namespace brevis::addon {

brv_status OpenModel::open(const char *directory, const brv_open_options &options, const int32_t *cancel) {
  brv_status status = api.open_model(directory, &options, cancel, &handle_);
  if (status == BRV_OK) {
    status = api.describe_model(handle_, &info_);
    guard_exit_of(api);
  }
  return status;
}

brv_status OpenModel::open_session(const brv_session_options &options, std::shared_ptr<OpenSession> &session) {
  auto opened = std::make_shared<OpenSession>();
  sessions_.reserve(sessions_.size() + 1);
  const brv_status status = api.open_session(handle_, &options, &opened->handle);
  if (status != BRV_OK) return status;
  sessions_.push_back(opened);
  session = std::move(opened);
  return BRV_OK;
}

void OpenModel::close_session(OpenSession &session) {
  if (session.handle == nullptr) return;
  api.close_session(session.handle);
  session.handle = nullptr;
  std::erase_if(sessions_, [&](const auto &each) { return each.get() == &session; });
}

void OpenModel::close() {
  // At the end of the process the memory goes anyway, and an engine may have parked its own threads by then.
  if (process_is_ending()) return;
  while (!sessions_.empty()) close_session(*std::shared_ptr<OpenSession>(sessions_.back()));
  api.close_model(handle_);
  handle_ = nullptr;
}

size_t OpenModel::output_width() const {
  return static_cast<size_t>(info_.task == BRV_TASK_KEEP ? info_.keep_outputs : info_.vocabulary);
}

}  // namespace brevis::addon
