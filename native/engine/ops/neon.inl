// NEON kernels, for the sources that define BREVIS_NEON_NAMESPACE and BREVIS_NEON_NAME and choose the instruction set
// by their compiler flags: dot products of bytes (ARMv8.2 dotprod), and mixed-sign ones where i8mm is compiled in.

#include <arm_neon.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "ops/half.h"

namespace brevis {
namespace BREVIS_NEON_NAMESPACE {

#define BREVIS_LANES 4
#include "ops/simd_float.inl"

namespace {

void decode_f16(const uint8_t *values, float *out, size_t count) {
  size_t i = 0;
  for (; i + 4 <= count; i += 4) vst1q_f32(out + i, vcvt_f32_f16(vreinterpret_f16_u8(vld1_u8(values + 2 * i))));
  for (; i < count; ++i) out[i] = float_of_f16(read_u16(values + 2 * i));
}

void encode_f16(const float *values, uint8_t *out, size_t count) {
  size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    // Minimum and maximum of what is no number are that.
    const float32x4_t below = vminq_f32(vld1q_f32(values + i), vdupq_n_f32(65504.0f));
    const float16x4_t halves = vcvt_f16_f32(vmaxq_f32(below, vdupq_n_f32(-65504.0f)));
    vst1_u8(out + 2 * i, vreinterpret_u8_f16(halves));
  }
  for (; i < count; ++i) {
    const uint16_t half = f16_of_float(values[i]);
    std::memcpy(out + 2 * i, &half, 2);
  }
}

#include "ops/cached_block.inl"
#include "ops/simd_attention.inl"
#include "ops/simd_int8.inl"

// Four dot products of four bytes each, unsigned weights by signed values, exact.
inline int32x4_t add_products(int32x4_t products, uint8x16_t weights, int8x16_t values) {
#if defined(__ARM_FEATURE_MATMUL_INT8)
  return vusdotq_s32(products, weights, values);
#else
  // w * v = (w - 128) * v + 128 * v, the latter as two dot products with 64.
  const int8x16_t centred = vreinterpretq_s8_u8(veorq_u8(weights, vdupq_n_u8(128)));
  const int8x16_t sixty_four = vdupq_n_s8(64);
  products = vdotq_s32(products, centred, values);
  return vdotq_s32(vdotq_s32(products, sixty_four, values), sixty_four, values);
#endif
}

template <size_t TOKENS>
inline void multiply_group(const uint8_t *unpacked, const int8_t *values, size_t group, Vector (&products)[TOKENS][4]) {
  int32x4_t sums[TOKENS][4];
  for (size_t t = 0; t < TOKENS; ++t) {
    for (size_t p = 0; p < 4; ++p) sums[t][p] = vdupq_n_s32(0);
  }
  for (size_t i = 0; i < group; i += 4) {
    uint8x16_t weights[4];
#pragma GCC unroll 4
    for (size_t p = 0; p < 4; ++p) weights[p] = vld1q_u8(unpacked + i * kPanelRows + 16 * p);
#pragma GCC unroll 4
    for (size_t t = 0; t < TOKENS; ++t) {
      int32_t dword;
      std::memcpy(&dword, values + i * TOKENS + 4 * t, sizeof dword);
      const int8x16_t value = vreinterpretq_s8_s32(vdupq_n_s32(dword));
#pragma GCC unroll 4
      for (size_t p = 0; p < 4; ++p) sums[t][p] = add_products(sums[t][p], weights[p], value);
    }
  }
  for (size_t t = 0; t < TOKENS; ++t) {
    for (size_t p = 0; p < 4; ++p) products[t][p] = (Vector)vcvtq_f32_s32(sums[t][p]);
  }
}

#include "ops/simd_panel.inl"

constexpr Kernels kTable = {BREVIS_NEON_NAME, decode_f16,        decode_bf16, dot_rows,   rms_norm,
                            rotate,           silu_multiply,     add_scaled,  kTokenTile, quantize_tile,
                            unpack_panel,     multiply_unpacked, nullptr,     attend,     encode_f16,
                            quantize_cached,  nullptr,           nullptr,     nullptr};

}  // namespace
}  // namespace BREVIS_NEON_NAMESPACE

}  // namespace brevis
