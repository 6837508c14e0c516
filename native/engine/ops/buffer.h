// Memory for arrays of numbers, aligned to cache lines, that grows and never shrinks.
#pragma once

#include <cstdlib>
#include <memory>
#include <new>

namespace brevis {

struct FreeMemory {
  void operator()(void *memory) const { std::free(memory); }
};

// Uninitialized; throws std::bad_alloc.
template <typename T>
std::unique_ptr<T[], FreeMemory> allocate_aligned(size_t count) {
  size_t bytes = 0;
  if (__builtin_mul_overflow(count, sizeof(T), &bytes) || bytes > SIZE_MAX - 128) throw std::bad_alloc();
  void *memory = std::aligned_alloc(64, (bytes + 127) / 64 * 64);
  if (memory == nullptr) throw std::bad_alloc();
  return std::unique_ptr<T[], FreeMemory>(static_cast<T *>(memory));
}

template <typename T>
class Buffer {
 public:
  // At least `count` elements; what was there before is lost when it grows.
  T *reserve(size_t count) {
    if (count > capacity_) {
      memory_.reset();
      capacity_ = 0;
      memory_ = allocate_aligned<T>(count);
      capacity_ = count;
    }
    return memory_.get();
  }
  T *data() { return memory_.get(); }
  const T *data() const { return memory_.get(); }

 private:
  std::unique_ptr<T[], FreeMemory> memory_;
  size_t capacity_ = 0;
};

}  // namespace brevis
