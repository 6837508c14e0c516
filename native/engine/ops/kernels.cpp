#include "ops/kernels.h"

#include <cstdlib>
#include <cstring>
#include <initializer_list>

#if defined(__aarch64__) && defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#elif defined(__APPLE__)
#include <sys/sysctl.h>
#endif

namespace brevis {
namespace {

bool runs_avx2() {
#if defined(__x86_64__)
  // F16C has no name in Clang's builtin, and came two generations before AVX2.
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return false;
#endif
}

bool runs_avx512() {
#if defined(__x86_64__)
  return runs_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512vnni");
#else
  return false;
#endif
}

bool runs_avx512_bf16() {
#if defined(__x86_64__)
  return runs_avx512() && __builtin_cpu_supports("avx512bf16");
#else
  return false;
#endif
}

bool runs_neon() {
#if defined(__aarch64__) && defined(__linux__)
  return (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0;
#elif defined(__aarch64__) && defined(__APPLE__)
  return true;  // every Apple chip that runs macOS has dot products
#else
  return false;
#endif
}

bool runs_neon_i8mm() {
#if defined(__aarch64__) && defined(__linux__)
  constexpr unsigned long kMixedSign = 1ul << 13;  // HWCAP2_I8MM, which older headers lack
  return runs_neon() && (getauxval(AT_HWCAP2) & kMixedSign) != 0;
#elif defined(__aarch64__) && defined(__APPLE__)
  int32_t present = 0;
  size_t size = sizeof present;
  return sysctlbyname("hw.optional.arm.FEAT_I8MM", &present, &size, nullptr, 0) == 0 && present != 0;
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
  const Entry entries[] = {{true, plain_kernels()},           {runs_avx2(), avx2_kernels()},
                           {runs_avx512(), avx512_kernels()}, {runs_avx512_bf16(), avx512_bf16_kernels()},
                           {runs_neon(), neon_kernels()},     {runs_neon_i8mm(), neon_i8mm_kernels()}};
  for (const Entry &entry : entries) {
    if (entry.runs && entry.table != nullptr && std::strcmp(entry.table->name, name) == 0) return entry.table;
  }
  return nullptr;
}

const Kernels &best_kernels() {
  if (const char *asked = std::getenv("BREVIS_KERNELS")) {
    if (const Kernels *table = find_kernels(asked)) return *table;
  }
  for (const char *name : {"avx512-bf16", "avx512", "avx2", "neon-i8mm", "neon"}) {
    if (const Kernels *table = find_kernels(name)) return *table;
  }
  return *plain_kernels();
}

}  // namespace brevis
