#include "ops/kernels.h"

#include <cstdlib>
#include <cstring>
#include <initializer_list>

#if defined(__aarch64__) && defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace brevis {
namespace {

bool runs_avx2() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
#else
  return false;
#endif
}

bool runs_avx512() {
#if defined(__x86_64__)
  return runs_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni");
#else
  return false;
#endif
}

bool runs_neon() {
#if defined(__aarch64__) && defined(__linux__)
  const bool dot_products = (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0;
#if defined(BREVIS_NEON_I8MM)
  return dot_products && (getauxval(AT_HWCAP2) & (1ul << 13)) != 0;
#else
  return dot_products;
#endif
#elif defined(__aarch64__)
  return true;  // every Apple chip that runs macOS has dot products
#else
  return false;
#endif
}

}  // namespace

const Kernels *find_kernels(const char *name) {
  struct Entry {
    bool runs;
    const Kernels *table;
  };
  const Entry entries[] = {{true, plain_kernels()}, {runs_avx2(), avx2_kernels()}, {runs_avx512(), avx512_kernels()}, {runs_neon(), neon_kernels()}};
  for (const Entry &entry : entries) {
    if (entry.runs && entry.table != nullptr && std::strcmp(entry.table->name, name) == 0) return entry.table;
  }
  return nullptr;
}

const Kernels &best_kernels() {
  if (const char *asked = std::getenv("BREVIS_KERNELS")) {
    if (const Kernels *table = find_kernels(asked)) return *table;
  }
  for (const char *name : {"avx512", "avx2", "neon"}) {
    if (const Kernels *table = find_kernels(name)) return *table;
  }
  return *plain_kernels();
}

}  // namespace brevis
