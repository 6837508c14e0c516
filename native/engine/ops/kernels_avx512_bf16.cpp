// AVX-512 with BF16: the AVX-512 table, and products of bfloat16 weights with inputs rounded to bfloat16, 32 an
// instruction.
#include "ops/kernels.h"

#if defined(__AVX512F__) && defined(__AVX512BF16__)

#include <immintrin.h>

#include <algorithm>
#include <cstring>

namespace brevis {
namespace avx512_bf16 {
namespace {

void round_bf16(const float *values, uint16_t *out, size_t count) {
  for (size_t i = 0; i < count; i += 16) {
    const __mmask16 mask = static_cast<__mmask16>(count - i >= 16 ? 0xFFFF : (1u << (count - i)) - 1);
    const __m256i rounded = (__m256i)_mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(mask, values + i));
    _mm256_mask_storeu_epi16(out + i, mask, rounded);
  }
}

constexpr size_t kRows = 4, kTokens = 6;  // 24 running sums and their operands fill 29 of 32 registers

inline __m512bh load(const void *from) {
  return (__m512bh)_mm512_loadu_si512(from);
}

// Up to 31 values, the rest zeros.
inline __m512bh load_part(const void *from, size_t count) {
  return (__m512bh)_mm512_maskz_loadu_epi16((__mmask32{1} << count) - 1, from);
}

// The lanes' sum of each of four vectors, in the same order for each.
inline __m128 add_lanes(const __m512 (&rows)[kRows]) {
  const auto halves = [](__m512 a, __m512 b) {
    return _mm512_add_ps(_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b));
  };
  const __m512d even = _mm512_castps_pd(halves(rows[0], rows[1])), odd = _mm512_castps_pd(halves(rows[2], rows[3]));
  const __m512 quads =
      _mm512_add_ps(_mm512_castpd_ps(_mm512_unpacklo_pd(even, odd)), _mm512_castpd_ps(_mm512_unpackhi_pd(even, odd)));
  const __m256 pairs = _mm256_add_ps(_mm512_castps512_ps256(quads), _mm512_extractf32x8_ps(quads, 1));
  return _mm_add_ps(_mm256_castps256_ps128(pairs), _mm256_extractf128_ps(pairs, 1));
}

// Four rows by TOKENS tokens; of the rows `count` are there, and the others repeat the first.
template <size_t TOKENS>
void dot_tile(const uint8_t *weights, size_t row_bytes, size_t count, const uint16_t *inputs, size_t input_stride,
              size_t columns, float *out, size_t out_stride) {
  const uint8_t *rows[kRows];
  for (size_t r = 0; r < kRows; ++r) rows[r] = weights + (r < count ? r : 0) * row_bytes;
  __m512 sums[TOKENS][kRows];
#pragma GCC unroll 8
  for (size_t t = 0; t < TOKENS; ++t) {
#pragma GCC unroll 4
    for (size_t r = 0; r < kRows; ++r) sums[t][r] = _mm512_setzero_ps();
  }
  size_t i = 0;
  for (; i + 32 <= columns; i += 32) {
    __m512bh row[kRows];
#pragma GCC unroll 4
    for (size_t r = 0; r < kRows; ++r) row[r] = load(rows[r] + 2 * i);
#pragma GCC unroll 8
    for (size_t t = 0; t < TOKENS; ++t) {
      const __m512bh input = load(inputs + t * input_stride + i);
#pragma GCC unroll 4
      for (size_t r = 0; r < kRows; ++r) sums[t][r] = _mm512_dpbf16_ps(sums[t][r], row[r], input);
    }
  }
  if (i < columns) {
    __m512bh row[kRows];
#pragma GCC unroll 4
    for (size_t r = 0; r < kRows; ++r) row[r] = load_part(rows[r] + 2 * i, columns - i);
#pragma GCC unroll 8
    for (size_t t = 0; t < TOKENS; ++t) {
      const __m512bh input = load_part(inputs + t * input_stride + i, columns - i);
#pragma GCC unroll 4
      for (size_t r = 0; r < kRows; ++r) sums[t][r] = _mm512_dpbf16_ps(sums[t][r], row[r], input);
    }
  }
  const __mmask8 present = static_cast<__mmask8>((1u << count) - 1);
#pragma GCC unroll 8
  for (size_t t = 0; t < TOKENS; ++t) _mm_mask_storeu_ps(out + t * out_stride, present, add_lanes(sums[t]));
}

void dot_rows_bf16(const uint8_t *weights, size_t row_bytes, size_t rows, const uint16_t *inputs, size_t input_stride,
                   size_t tokens, size_t columns, float *out, size_t out_stride) {
  for (size_t r = 0; r < rows; r += kRows) {
    const size_t count = std::min(kRows, rows - r);
    const uint8_t *band = weights + r * row_bytes;
    size_t t = 0;
    for (; t + kTokens <= tokens; t += kTokens) {
      dot_tile<kTokens>(band, row_bytes, count, inputs + t * input_stride, input_stride, columns,
                        out + t * out_stride + r, out_stride);
    }
    for (; t < tokens; ++t) {
      dot_tile<1>(band, row_bytes, count, inputs + t * input_stride, input_stride, columns, out + t * out_stride + r,
                  out_stride);
    }
  }
}

Kernels make_table() {
  Kernels table = *avx512_kernels();
  table.name = "avx512-bf16";
  table.round_bf16 = round_bf16;
  table.dot_rows_bf16 = dot_rows_bf16;
  return table;
}

}  // namespace
}  // namespace avx512_bf16

const Kernels *avx512_bf16_kernels() {
  static const Kernels table = avx512_bf16::make_table();
  return &table;
}

}  // namespace brevis

#else
namespace brevis {
const Kernels *avx512_bf16_kernels() {
  return nullptr;
}
}  // namespace brevis
#endif
