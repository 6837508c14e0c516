// Tiles of tokens to int8. Groups of 64 columns and multiples of it, as most models have, go a whole tile at a time:
// lane t of a vector is token t. Maxima and integer sums are exact, so the bits are those of quantize_group.

struct AddIntegers {
  __m512i operator()(__m512i a, __m512i b) const { return _mm512_add_epi32(a, b); }
};
struct LargerInteger {
  __m512i operator()(__m512i a, __m512i b) const { return _mm512_max_epi32(a, b); }
};

// Lane r of the result: all lanes of rows[r] combined.
template <typename Combine>
inline __m512i combine_lanes(const __m512i (&rows)[16]) {
  const Combine combine;
  __m512i quads[4];  // lane by lane of 128 bits: rows 4i..4i+3
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    // Pairs as (0, 2) and (1, 3), so that the second step brings rows into order.
    const auto pair = [&](__m512i a, __m512i b) {
      return combine(_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
    };
    quads[i] = pair(pair(rows[4 * i], rows[4 * i + 2]), pair(rows[4 * i + 1], rows[4 * i + 3]));
  }
  const auto halves = [&](__m512i a, __m512i b) {
    return combine(_mm512_shuffle_i32x4(a, b, 0x88), _mm512_shuffle_i32x4(a, b, 0xDD));
  };
  return halves(halves(quads[0], quads[1]), halves(quads[2], quads[3]));
}

// 64 floats times `inverse` as bytes: dword 4 * L + j holds values 16 * j + 4 * L .. + 3, as packing leaves them.
inline __m512i round_to_bytes(const float *input, __m512 inverse) {
  __m512i parts[4];
#pragma GCC unroll 4
  for (size_t i = 0; i < 4; ++i) {
    parts[i] = _mm512_cvtps_epi32(_mm512_mul_ps(_mm512_loadu_ps(input + 16 * i), inverse));
  }
  return _mm512_packs_epi16(_mm512_packs_epi32(parts[0], parts[1]), _mm512_packs_epi32(parts[2], parts[3]));
}

// Dwords into the values' order; with `interleave` evens of each run of 8 before odds.
inline __m512i order_bytes(__m512i bytes, bool interleave) {
  const __m512i places = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  bytes = _mm512_permutexvar_epi32(places, bytes);
  if (!interleave) return bytes;
  return _mm512_shuffle_epi8(
      bytes, _mm512_broadcast_i32x4(_mm_setr_epi8(0, 2, 4, 6, 1, 3, 5, 7, 8, 10, 12, 14, 9, 11, 13, 15)));
}

// One group, a multiple of 64 columns, of TOKENS tokens whose rows are `stride` floats apart. The bytes of a group that
// is not finite are of no meaning.
template <size_t TOKENS>
void quantize_wide_group(const float *input, size_t stride, size_t group, bool interleave, int8_t *values,
                         float *scales, float *scaled_sums) {
  const __mmask16 present = static_cast<__mmask16>((1u << TOKENS) - 1);
  __m512i rows[16];
  // Magnitudes compare as integers, and what is not finite is larger than what is.
  const __m512i magnitude = _mm512_set1_epi32(0x7FFFFFFF);
#pragma GCC unroll 16
  for (size_t t = 0; t < 16; ++t) {
    rows[t] = _mm512_setzero_si512();
    if (t >= TOKENS) continue;
    for (size_t i = 0; i < group; i += 16) {
      const __m512i bits = _mm512_loadu_si512(input + t * stride + i);
      rows[t] = _mm512_max_epi32(rows[t], _mm512_and_si512(bits, magnitude));
    }
  }
  const __m512 largest = _mm512_castsi512_ps(combine_lanes<LargerInteger>(rows));
  const __mmask16 finite = _mm512_cmp_ps_mask(largest, _mm512_set1_ps(INFINITY), _CMP_LT_OQ);
  const __mmask16 usable = finite & _mm512_cmp_ps_mask(largest, _mm512_setzero_ps(), _CMP_GT_OQ);
  const __m512 error = _mm512_maskz_sub_ps(static_cast<__mmask16>(~finite), largest, largest);
  const __m512 scale = _mm512_add_ps(_mm512_div_ps(largest, _mm512_set1_ps(127)), error);
  alignas(64) float inverses[16];
  _mm512_store_ps(inverses, _mm512_maskz_div_ps(usable, _mm512_set1_ps(127), largest));
  __m512i sums[16];
#pragma GCC unroll 16
  for (size_t t = 0; t < 16; ++t) sums[t] = _mm512_setzero_si512();
  for (size_t i = 0; i < group; i += 64, values += 64 * TOKENS) {
#pragma GCC unroll 16
    for (size_t t = 0; t < 16; ++t) {
      rows[t] = _mm512_setzero_si512();
      if (t >= TOKENS) continue;
      const __m512i bytes = round_to_bytes(input + t * stride + i, _mm512_set1_ps(inverses[t]));
      sums[t] = _mm512_dpbusd_epi32(sums[t], _mm512_set1_epi8(1), bytes);
      rows[t] = order_bytes(bytes, interleave);
    }
    transpose(rows);
#pragma GCC unroll 16
    for (size_t d = 0; d < 16; ++d) _mm512_mask_storeu_epi32(values + 4 * d * TOKENS, present, rows[d]);
  }
  _mm512_mask_storeu_ps(scales, present, scale);
  const __m512 sum = _mm512_cvtepi32_ps(combine_lanes<AddIntegers>(sums));
  _mm512_mask_storeu_ps(scaled_sums, present, _mm512_mul_ps(scale, sum));
}

void quantize_tile(const float *input, size_t tokens, size_t columns, size_t group, bool interleave, int8_t *values,
                   float *scales, float *scaled_sums) {
  for (size_t g = 0; g < columns / group; ++g) {
    int8_t *group_values = values + g * group * tokens;
    if (group % 64 == 0 && tokens == kTokenTile) {
      quantize_wide_group<kTokenTile>(input + g * group, columns, group, interleave, group_values, scales + g * tokens,
                                      scaled_sums + g * tokens);
      continue;
    }
    for (size_t t = 0; t < tokens; ++t) {
      quantize_group(input + t * columns + g * group, group, tokens, interleave, group_values + 4 * t,
                     scales + g * tokens + t, scaled_sums + g * tokens + t);
    }
  }
}
