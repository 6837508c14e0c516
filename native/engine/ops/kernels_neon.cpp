// NEON with dot products (ARMv8.2 dotprod): Apple M1, Graviton 2 and later.
#include "ops/kernels.h"

#if defined(__aarch64__) && defined(__ARM_FEATURE_DOTPROD)

#define BREVIS_NEON_NAMESPACE neon
#define BREVIS_NEON_NAME "neon"
#include "ops/neon.inl"

namespace brevis {
const Kernels *neon_kernels() {
  return &neon::kTable;
}
}  // namespace brevis

#else
namespace brevis {
const Kernels *neon_kernels() {
  return nullptr;
}
}  // namespace brevis
#endif
