// AVX-512 (F, BW, DQ, VL) with VNNI: 16 floats, and 64 products of bytes, an instruction.
#include "ops/kernels.h"

#if defined(__AVX512F__) && defined(__AVX512VNNI__)

#include <immintrin.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "ops/half.h"

namespace brevis {
namespace avx512 {

#define BREVIS_LANES 16
#include "ops/simd_float.inl"

namespace {

void decode_f16(const uint8_t *values, float *out, size_t count) {
  size_t i = 0;
  for (; i + 16 <= count; i += 16)
    _mm512_storeu_ps(out + i, _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i *>(values + 2 * i))));
  for (; i < count; ++i) out[i] = float_of_f16(read_u16(values + 2 * i));
}

void encode_f16(const float *values, uint8_t *out, size_t count) {
  const __m512 most = _mm512_set1_ps(65504.0f), least = _mm512_set1_ps(-65504.0f);
  for (size_t i = 0; i < count; i += 16) {
    const __mmask16 mask = static_cast<__mmask16>(count - i >= 16 ? 0xFFFF : (1u << (count - i)) - 1);
    // In this order of operands the minimum and maximum of what is no number is that.
    const __m512 bounded = _mm512_max_ps(least, _mm512_min_ps(most, _mm512_maskz_loadu_ps(mask, values + i)));
    _mm256_mask_storeu_epi16(out + 2 * i, mask, _mm512_cvtps_ph(bounded, _MM_FROUND_TO_NEAREST_INT));
  }
}

#include "ops/cached_block.inl"
#include "ops/simd_attention.inl"

// Evens of each run of 8 bytes to its first half, odds to its second: the order in which nibbles unpack.
__m128i split_pairs(__m128i bytes) {
  return _mm_shuffle_epi8(bytes, _mm_setr_epi8(0, 2, 4, 6, 1, 3, 5, 7, 8, 10, 12, 14, 9, 11, 13, 15));
}

// One group of one of `tokens` tokens: every fourth value starts a new dword, `tokens` dwords further on.
void quantize_group(const float *input, size_t group, size_t tokens, bool interleave, int8_t *values, float *scale,
                    float *scaled_sum) {
  __m512 largest = _mm512_setzero_ps(), not_finite = _mm512_setzero_ps();
  for (size_t i = 0; i < group; i += 16) {
    const __m512 value = _mm512_maskz_loadu_ps(group - i >= 16 ? 0xFFFF : (1u << (group - i)) - 1, input + i);
    largest = _mm512_max_ps(largest, _mm512_abs_ps(value));
    not_finite = _mm512_add_ps(not_finite, _mm512_sub_ps(value, value));
  }
  const float maximum = _mm512_reduce_max_ps(largest), error = _mm512_reduce_add_ps(not_finite);
  const __m512 inverse = _mm512_set1_ps(maximum > 0 && error == 0 ? 127.0f / maximum : 0.0f);
  __m512i sums = _mm512_setzero_si512();
  for (size_t i = 0; i < group; i += 16) {
    const size_t count = std::min<size_t>(16, group - i);  // a multiple of 8, as groups are
    const __mmask16 mask = static_cast<__mmask16>((1u << count) - 1);
    const __m512i rounded = _mm512_cvtps_epi32(_mm512_mul_ps(_mm512_maskz_loadu_ps(mask, input + i), inverse));
    sums = _mm512_add_epi32(sums, rounded);
    const __m128i bytes = _mm512_cvtepi32_epi8(rounded);
    alignas(16) int32_t dwords[4];
    _mm_store_si128(reinterpret_cast<__m128i *>(dwords), interleave ? split_pairs(bytes) : bytes);
    for (size_t d = 0; d < count / 4; ++d) std::memcpy(values + (i / 4 + d) * 4 * tokens, dwords + d, 4);
  }
  *scale = maximum / 127.0f + error;
  *scaled_sum = *scale * static_cast<float>(_mm512_reduce_add_epi32(sums));
}

constexpr size_t kTokenTile = 12;  // 12 integer and 12 float sums fill 24 of 32 registers

// Transposes 16 rows of 16 dwords: vector d of the result holds dword d of each row.
inline void transpose(__m512i (&rows)[16]) {
  __m512i pairs[16], quads[16];
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) {
    pairs[2 * i] = _mm512_unpacklo_epi32(rows[2 * i], rows[2 * i + 1]);
    pairs[2 * i + 1] = _mm512_unpackhi_epi32(rows[2 * i], rows[2 * i + 1]);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    quads[4 * i] = _mm512_unpacklo_epi64(pairs[4 * i], pairs[4 * i + 2]);
    quads[4 * i + 1] = _mm512_unpackhi_epi64(pairs[4 * i], pairs[4 * i + 2]);
    quads[4 * i + 2] = _mm512_unpacklo_epi64(pairs[4 * i + 1], pairs[4 * i + 3]);
    quads[4 * i + 3] = _mm512_unpackhi_epi64(pairs[4 * i + 1], pairs[4 * i + 3]);
  }
  // quads[4 * i + j] holds dwords j, j + 4, j + 8, j + 12 of rows 4i..4i+3, one a 128-bit lane.
#pragma GCC unroll 4
  for (int j = 0; j < 4; ++j) {
    const __m512i even_low = _mm512_shuffle_i32x4(quads[j], quads[4 + j], 0x88);
    const __m512i odd_low = _mm512_shuffle_i32x4(quads[j], quads[4 + j], 0xDD);
    const __m512i even_high = _mm512_shuffle_i32x4(quads[8 + j], quads[12 + j], 0x88);
    const __m512i odd_high = _mm512_shuffle_i32x4(quads[8 + j], quads[12 + j], 0xDD);
    rows[j] = _mm512_shuffle_i32x4(even_low, even_high, 0x88);
    rows[j + 8] = _mm512_shuffle_i32x4(even_low, even_high, 0xDD);
    rows[j + 4] = _mm512_shuffle_i32x4(odd_low, odd_high, 0x88);
    rows[j + 12] = _mm512_shuffle_i32x4(odd_low, odd_high, 0xDD);
  }
}

#include "ops/quantize_avx512.inl"

// Loads 16 rows' dwords first..first+count-1 (count <= 16), absent rows as zeros, and transposes them.
inline void load_transposed(const QuantizedPanel &panel, size_t first, size_t count, __m512i (&dwords)[16]) {
  const uint8_t *at = panel.weights + 4 * first;
  if (count == 16 && panel.rows == kPanelRows) {
#pragma GCC unroll 16
    for (size_t r = 0; r < 16; ++r) dwords[r] = _mm512_loadu_si512(at + r * panel.row_bytes);
  } else {
    const __mmask16 mask = static_cast<__mmask16>((1u << count) - 1);
    for (size_t r = 0; r < 16; ++r) {
      dwords[r] = r < panel.rows ? _mm512_maskz_loadu_epi32(mask, at + r * panel.row_bytes) : _mm512_setzero_si512();
    }
  }
  transpose(dwords);
}

// scratch[step][row][4]: four consecutive (for 4 bits: every other) weights of each of 16 rows, as bytes.
void unpack_panel(const QuantizedPanel &panel, size_t columns, uint8_t *scratch) {
  const size_t dword_count = columns * static_cast<size_t>(panel.bits) / 32;
  const __m512i low = _mm512_set1_epi8(15);
  __m512i dwords[16];
  for (size_t first = 0; first < dword_count; first += 16) {
    const size_t count = std::min<size_t>(16, dword_count - first);
    load_transposed(panel, first, count, dwords);
    for (size_t d = 0; d < count; ++d) {
      if (panel.bits == 8) {
        _mm512_store_si512(scratch, dwords[d]);
        scratch += 64;
      } else {
        _mm512_store_si512(scratch, _mm512_and_si512(dwords[d], low));
        _mm512_store_si512(scratch + 64, _mm512_and_si512(_mm512_srli_epi16(dwords[d], 4), low));
        scratch += 128;
      }
    }
  }
}

inline __m512 load_scales(ScaleType type, const uint8_t *from, size_t group) {
  if (type == ScaleType::f32) return _mm512_loadu_ps(from + 64 * group);
  const __m256i halves = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(from + 32 * group));
  if (type == ScaleType::f16) return _mm512_cvtph_ps(halves);
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(halves), 16));
}

// products += weights (unsigned) . the dword at `value` (signed), in each lane. Written as an instruction because
// compilers turn the intrinsic into a broadcast and a copy, which halves the speed.
inline void add_products(__m512i &products, __m512i weights, const int8_t *value) {
  asm("vpdpbusd %2%{1to16%}, %1, %0" : "+v"(products) : "v"(weights), "m"(*reinterpret_cast<const int32_t *>(value)));
}

inline void add_products(__m512i &products, __m512i unsigned_bytes, __m512i signed_bytes) {
  asm("vpdpbusd %2, %1, %0" : "+v"(products) : "v"(unsigned_bytes), "v"(signed_bytes));
}

inline __m512i broadcast_dword(const int8_t *from) {
  __m512i dwords;
  asm("vpbroadcastd %1, %0" : "=v"(dwords) : "m"(*reinterpret_cast<const int32_t *>(from)));
  return dwords;
}

inline __m512 add_scaled_products(__m512 sum, __m512i products, float token_scale, float scaled_sum,
                                  __m512 weight_scales, __m512 weight_biases) {
  const __m512 scaled = _mm512_mul_ps(_mm512_cvtepi32_ps(products), _mm512_set1_ps(token_scale));
  sum = _mm512_fmadd_ps(scaled, weight_scales, sum);
  return _mm512_fmadd_ps(weight_biases, _mm512_set1_ps(scaled_sum), sum);
}

template <size_t TOKENS>
void multiply_tile(const QuantizedPanel &panel, const QuantizedTokens &tokens, size_t first, const uint8_t *unpacked,
                   float *out, size_t out_stride) {
  const size_t groups = tokens.columns / tokens.group;
  const int8_t *values = tokens.values + first * tokens.columns;
  const float *scales = tokens.scales + first * groups, *scaled_sums = tokens.scaled_sums + first * groups;
  __m512 sums[TOKENS];
#pragma GCC unroll 16
  for (size_t t = 0; t < TOKENS; ++t) sums[t] = _mm512_setzero_ps();
  for (size_t g = 0; g < groups; ++g, scales += TOKENS, scaled_sums += TOKENS) {
    __m512i products[TOKENS];
#pragma GCC unroll 16
    for (size_t t = 0; t < TOKENS; ++t) products[t] = _mm512_setzero_si512();
    for (size_t i = 0; i < tokens.group; i += 4, values += 4 * TOKENS, unpacked += 4 * kPanelRows) {
      const __m512i weights = _mm512_load_si512(unpacked);
#pragma GCC unroll 16
      for (size_t t = 0; t < TOKENS; ++t) add_products(products[t], weights, values + 4 * t);
    }
    const __m512 weight_scales = load_scales(panel.scale_type, panel.scales, g);
    const __m512 weight_biases = load_scales(panel.scale_type, panel.biases, g);
#pragma GCC unroll 16
    for (size_t t = 0; t < TOKENS; ++t) {
      sums[t] = add_scaled_products(sums[t], products[t], scales[t], scaled_sums[t], weight_scales, weight_biases);
    }
  }
  const __mmask16 mask = static_cast<__mmask16>((1u << panel.rows) - 1);
#pragma GCC unroll 16
  for (size_t t = 0; t < TOKENS; ++t) _mm512_mask_storeu_ps(out + (first + t) * out_stride, mask, sums[t]);
}

using MultiplyTile = void (*)(const QuantizedPanel &, const QuantizedTokens &, size_t, const uint8_t *, float *,
                              size_t);
constexpr MultiplyTile kMultiplyTile[kTokenTile] = {
    multiply_tile<1>, multiply_tile<2>, multiply_tile<3>, multiply_tile<4>,  multiply_tile<5>,  multiply_tile<6>,
    multiply_tile<7>, multiply_tile<8>, multiply_tile<9>, multiply_tile<10>, multiply_tile<11>, multiply_tile<12>};

// Two panels by TOKENS of a tile's `tile` tokens, `values` and the scales from the first of them on. A dword of a token
// is loaded once for both panels: one panel alone takes a load for every product, of which there are two a cycle.
template <size_t TOKENS>
void multiply_pair_tile(const PanelProduct (&pair)[2], const QuantizedTokens &tokens, const int8_t *values,
                        const float *scales, const float *scaled_sums, size_t tile, size_t first) {
  const size_t groups = tokens.columns / tokens.group;
  const uint8_t *unpacked[2] = {pair[0].unpacked, pair[1].unpacked};
  __m512 sums[2][TOKENS];
#pragma GCC unroll 2
  for (size_t p = 0; p < 2; ++p) {
#pragma GCC unroll 8
    for (size_t t = 0; t < TOKENS; ++t) sums[p][t] = _mm512_setzero_ps();
  }
  for (size_t g = 0; g < groups; ++g, scales += tile, scaled_sums += tile) {
    __m512i products[2][TOKENS];
#pragma GCC unroll 2
    for (size_t p = 0; p < 2; ++p) {
#pragma GCC unroll 8
      for (size_t t = 0; t < TOKENS; ++t) products[p][t] = _mm512_setzero_si512();
    }
    for (size_t i = 0; i < tokens.group; i += 4, values += 4 * tile) {
      const __m512i first_weights = _mm512_load_si512(unpacked[0]), second_weights = _mm512_load_si512(unpacked[1]);
      unpacked[0] += 4 * kPanelRows;
      unpacked[1] += 4 * kPanelRows;
#pragma GCC unroll 8
      for (size_t t = 0; t < TOKENS; ++t) {
        const __m512i value = broadcast_dword(values + 4 * t);
        add_products(products[0][t], first_weights, value);
        add_products(products[1][t], second_weights, value);
      }
    }
#pragma GCC unroll 2
    for (size_t p = 0; p < 2; ++p) {
      const QuantizedPanel &panel = pair[p].panel;
      const __m512 weight_scales = load_scales(panel.scale_type, panel.scales, g);
      const __m512 weight_biases = load_scales(panel.scale_type, panel.biases, g);
#pragma GCC unroll 8
      for (size_t t = 0; t < TOKENS; ++t) {
        sums[p][t] =
            add_scaled_products(sums[p][t], products[p][t], scales[t], scaled_sums[t], weight_scales, weight_biases);
      }
    }
  }
#pragma GCC unroll 2
  for (size_t p = 0; p < 2; ++p) {
    const __mmask16 mask = static_cast<__mmask16>((1u << pair[p].panel.rows) - 1);
#pragma GCC unroll 8
    for (size_t t = 0; t < TOKENS; ++t) {
      _mm512_mask_storeu_ps(pair[p].out + (first + t) * pair[p].out_stride, mask, sums[p][t]);
    }
  }
}

constexpr size_t kPairTokens = 6;  // as many sums as one panel has with 12
using MultiplyPairTile = void (*)(const PanelProduct (&)[2], const QuantizedTokens &, const int8_t *, const float *,
                                  const float *, size_t, size_t);
constexpr MultiplyPairTile kMultiplyPairTile[kPairTokens] = {multiply_pair_tile<1>, multiply_pair_tile<2>,
                                                             multiply_pair_tile<3>, multiply_pair_tile<4>,
                                                             multiply_pair_tile<5>, multiply_pair_tile<6>};

void multiply_pair(const PanelProduct (&pair)[2], const QuantizedTokens &tokens) {
  const size_t groups = tokens.columns / tokens.group;
  for (size_t first = 0; first < tokens.tokens; first += kTokenTile) {
    const size_t tile = std::min(kTokenTile, tokens.tokens - first);
    for (size_t t = 0; t < tile; t += kPairTokens) {
      kMultiplyPairTile[std::min(kPairTokens, tile - t) - 1](
          pair, tokens, tokens.values + first * tokens.columns + 4 * t, tokens.scales + first * groups + t,
          tokens.scaled_sums + first * groups + t, tile, first + t);
    }
  }
}

#include "ops/single_token_avx512.inl"

void multiply_unpacked(const QuantizedPanel &panel, const uint8_t *unpacked, const QuantizedTokens &tokens, float *out,
                       size_t out_stride) {
  for (size_t t = 0; t < tokens.tokens; t += kTokenTile) {
    const size_t count = std::min(kTokenTile, tokens.tokens - t);
    kMultiplyTile[count - 1](panel, tokens, t, unpacked, out, out_stride);
  }
}

#include "ops/attention_int8_avx512.inl"
#include "ops/attention_int8_cache_avx512.inl"

}  // namespace
}  // namespace avx512

const Kernels *avx512_kernels() {
  using namespace avx512;
  static const Kernels table = {"avx512",        decode_f16,         decode_bf16,     dot_rows,    rms_norm,
                                rotate,          silu_multiply,      add_scaled,      kTokenTile,  quantize_tile,
                                unpack_panel,    multiply_unpacked,  multiply_single, attend_any,  encode_f16,
                                quantize_cached, scale_int8_columns, pack_int8_block, attend_int8, nullptr,
                                nullptr,         multiply_pair};
  return &table;
}

}  // namespace brevis

#else
namespace brevis {
const Kernels *avx512_kernels() {
  return nullptr;
}
}  // namespace brevis
#endif
