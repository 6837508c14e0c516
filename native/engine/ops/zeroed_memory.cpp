#include "ops/zeroed_memory.h"

#include <sys/mman.h>

#include <new>

namespace brevis {
namespace {

// From so many bytes on, pages of 2 MB waste little.
constexpr size_t kWorthLargePages = size_t{8} << 20;

}  // namespace

ZeroedMemory::ZeroedMemory(size_t bytes) : bytes_(bytes == 0 ? 1 : bytes) {
  data_ = ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (data_ == MAP_FAILED) throw std::bad_alloc();
#if defined(MADV_HUGEPAGE)
  if (bytes_ >= kWorthLargePages) ::madvise(data_, bytes_, MADV_HUGEPAGE);
#endif
}

ZeroedMemory::~ZeroedMemory() {
  if (data_ != nullptr) ::munmap(data_, bytes_);
}

}  // namespace brevis
