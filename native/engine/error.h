// The one exception of the engine. It is thrown inside only: api/ turns it into a brv_status and a message.
#pragma once

#include <stdexcept>
#include <string>

#include "brevis_engine.h"

namespace brevis {

class EngineError : public std::runtime_error {
 public:
  EngineError(brv_status status, const std::string &message) : std::runtime_error(message), status_(status) {}
  brv_status status() const { return status_; }

 private:
  brv_status status_;
};

[[noreturn]] inline void fail_argument(const std::string &message) {
  throw EngineError(BRV_ERROR_ARGUMENT, message);
}
[[noreturn]] inline void fail_invalid(const std::string &message) {
  throw EngineError(BRV_ERROR_INVALID, message);
}
[[noreturn]] inline void fail_unsupported(const std::string &message) {
  throw EngineError(BRV_ERROR_UNSUPPORTED, message);
}

// A caller's cancel flag. Another thread writes it, perhaps from another language, so it is read atomically in place.
class CancelFlag {
 public:
  explicit CancelFlag(const int32_t *flag = nullptr) : flag_(flag) {}
  bool is_set() const {
#if defined(__GNUC__) || defined(__clang__)
    return flag_ != nullptr && __atomic_load_n(flag_, __ATOMIC_RELAXED) != 0;
#else
    return flag_ != nullptr && *static_cast<const volatile int32_t *>(flag_) != 0;
#endif
  }
  void check() const {
    if (is_set()) throw EngineError(BRV_ERROR_CANCELLED, "cancelled by the caller");
  }

 private:
  const int32_t *flag_;
};

}  // namespace brevis
