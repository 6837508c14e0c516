// A large piece of memory that starts as zeros: from the system, in large pages where it gives them, so that a
// session's cache costs neither a pass of writing zeros nor an interrupt for every 4 KB.
#pragma once

#include <cstddef>

namespace brevis {

class ZeroedMemory {
 public:
  // Aligned to cache lines. Throws std::bad_alloc.
  explicit ZeroedMemory(size_t bytes);
  ~ZeroedMemory();
  ZeroedMemory(ZeroedMemory &&other) noexcept : data_(other.data_), bytes_(other.bytes_) { other.data_ = nullptr; }
  ZeroedMemory(const ZeroedMemory &) = delete;
  ZeroedMemory &operator=(const ZeroedMemory &) = delete;
  ZeroedMemory &operator=(ZeroedMemory &&) = delete;

  void *data() const { return data_; }

 private:
  void *data_;
  size_t bytes_;  // as mapped
};

}  // namespace brevis
