// NEON with mixed-sign dot products (ARMv8.6 i8mm): Apple M2, Graviton 3 and later.
#include "ops/kernels.h"

#if defined(__aarch64__) && defined(__ARM_FEATURE_MATMUL_INT8)

#define BREVIS_NEON_NAMESPACE neon_i8mm
#define BREVIS_NEON_NAME "neon-i8mm"
#include "ops/neon.inl"

namespace brevis {
const Kernels *neon_i8mm_kernels() {
  return &neon_i8mm::kTable;
}
}  // namespace brevis

#else
namespace brevis {
const Kernels *neon_i8mm_kernels() {
  return nullptr;
}
}  // namespace brevis
#endif
