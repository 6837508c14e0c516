// AVX2 with FMA and F16C: what x86 machines of the last ten years have.
#include "ops/kernels.h"

#if defined(__AVX2__) && defined(__FMA__) && defined(__F16C__)

#include <immintrin.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "ops/half.h"

namespace brevis {
namespace avx2 {

#define BREVIS_LANES 8
#include "ops/simd_float.inl"

namespace {

void decode_f16(const uint8_t *values, float *out, size_t count) {
  size_t i = 0;
  for (; i + 8 <= count; i += 8)
    _mm256_storeu_ps(out + i, _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i *>(values + 2 * i))));
  for (; i < count; ++i) out[i] = float_of_f16(read_u16(values + 2 * i));
}

void encode_f16(const float *values, uint8_t *out, size_t count) {
  const __m256 most = _mm256_set1_ps(65504.0f), least = _mm256_set1_ps(-65504.0f);
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    // In this order of operands the minimum and maximum of what is no number is that.
    const __m256 bounded = _mm256_max_ps(least, _mm256_min_ps(most, _mm256_loadu_ps(values + i)));
    _mm_storeu_si128(reinterpret_cast<__m128i *>(out + 2 * i), _mm256_cvtps_ph(bounded, _MM_FROUND_TO_NEAREST_INT));
  }
  for (; i < count; ++i) {
    const uint16_t half = f16_of_float(values[i]);
    std::memcpy(out + 2 * i, &half, 2);
  }
}

#include "ops/cached_block.inl"
#include "ops/simd_attention.inl"
#include "ops/simd_int8.inl"

// products += the sums of four neighbouring products each, exact: bytes widen to 16 bits first, since 255 * 127 * 2
// would not fit the 16-bit sums of vpmaddubsw.
inline __m256i add_products(__m256i products, __m256i weights, __m256i values) {
  const __m256i low_bytes = _mm256_set1_epi16(255);
  const __m256i even =
      _mm256_madd_epi16(_mm256_and_si256(weights, low_bytes), _mm256_srai_epi16(_mm256_slli_epi16(values, 8), 8));
  const __m256i odd = _mm256_madd_epi16(_mm256_srli_epi16(weights, 8), _mm256_srai_epi16(values, 8));
  return _mm256_add_epi32(products, _mm256_add_epi32(even, odd));
}

inline __m256i splat_dword(const int8_t *from) {
  int32_t dword;
  std::memcpy(&dword, from, sizeof dword);
  return _mm256_set1_epi32(dword);
}

template <size_t TOKENS>
inline void multiply_group(const uint8_t *unpacked, const int8_t *values, size_t group, Vector (&products)[TOKENS][2]) {
  __m256i sums[TOKENS][2];
  for (size_t t = 0; t < TOKENS; ++t) sums[t][0] = sums[t][1] = _mm256_setzero_si256();
  for (size_t i = 0; i < group; i += 4) {
    const __m256i low = _mm256_load_si256(reinterpret_cast<const __m256i *>(unpacked + i * kPanelRows));
    const __m256i high = _mm256_load_si256(reinterpret_cast<const __m256i *>(unpacked + i * kPanelRows + 32));
#pragma GCC unroll 8
    for (size_t t = 0; t < TOKENS; ++t) {
      const __m256i value = splat_dword(values + i * TOKENS + 4 * t);
      sums[t][0] = add_products(sums[t][0], low, value);
      sums[t][1] = add_products(sums[t][1], high, value);
    }
  }
  for (size_t t = 0; t < TOKENS; ++t) {
    products[t][0] = (Vector)_mm256_cvtepi32_ps(sums[t][0]);
    products[t][1] = (Vector)_mm256_cvtepi32_ps(sums[t][1]);
  }
}

#include "ops/simd_panel.inl"

}  // namespace
}  // namespace avx2

const Kernels *avx2_kernels() {
  using namespace avx2;
  static const Kernels table = {"avx2",          decode_f16,        decode_bf16, dot_rows,   rms_norm,
                                rotate,          silu_multiply,     add_scaled,  kTokenTile, quantize_tile,
                                unpack_panel,    multiply_unpacked, nullptr,     attend,     encode_f16,
                                quantize_cached, nullptr,           nullptr,     nullptr};
  return &table;
}

}  // namespace brevis

#else
namespace brevis {
const Kernels *avx2_kernels() {
  return nullptr;
}
}  // namespace brevis
#endif
