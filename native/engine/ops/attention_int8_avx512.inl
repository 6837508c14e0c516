// Bidirectional attention over int8 keys and values: four times the products an instruction of the float kernels.
//
// A key column's scale is multiplied into the queries before they become int8, a value column's into the outputs at the
// end, so that a block's products need no scale of their own. Softmax weights become bytes relative to their block's
// largest one, in powers of two; both sums of a row, weighted values and weights, are of these bytes.

// 2^x by a polynomial on +-0.5 (minimax, relative error 7.5e-5; a weight's byte is off by up to 2e-3 of the largest); 0
// for very negative x.
inline __m512 power_of_two(__m512 x) {
  const __m512 whole = _mm512_roundscale_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  const __m512 rest = _mm512_sub_ps(x, whole);
  __m512 p = _mm512_set1_ps(5.517167e-2f);
  p = _mm512_fmadd_ps(p, rest, _mm512_set1_ps(2.4261112e-1f));
  p = _mm512_fmadd_ps(p, rest, _mm512_set1_ps(6.9326099e-1f));
  p = _mm512_fmadd_ps(p, rest, _mm512_set1_ps(9.9992807e-1f));
  return _mm512_scalef_ps(p, whole);
}

// scales[column] = the largest magnitude over all rows / 127; not a number where a value is not finite.
inline void scale_columns(const float *rows, size_t stride, size_t count, size_t columns, float *scales) {
  for (size_t i = 0; i < columns; i += 16) {
    __m512 largest = _mm512_setzero_ps(), not_finite = _mm512_setzero_ps();
    for (size_t r = 0; r < count; ++r) {
      const __m512 value = _mm512_loadu_ps(rows + r * stride + i);
      largest = _mm512_max_ps(largest, _mm512_abs_ps(value));
      not_finite = _mm512_add_ps(not_finite, _mm512_sub_ps(value, value));
    }
    _mm512_storeu_ps(scales + i, _mm512_add_ps(_mm512_mul_ps(largest, _mm512_set1_ps(1 / 127.0f)), not_finite));
  }
}

void scale_int8_columns(const float *keys, const float *values, size_t stride, const Int8KeyValues &kv) {
  scale_columns(keys, stride, kv.count, kv.head_size, kv.key_scales);
  scale_columns(values, stride, kv.count, kv.head_size, kv.value_scales);
}

// 1 / scale; 0 where a column has no usable one.
inline __m512 invert_scales(const float *scales) {
  const __m512 scale = _mm512_loadu_ps(scales);
  const __mmask16 usable = _mm512_cmp_ps_mask(scale, _mm512_setzero_ps(), _CMP_GT_OQ);
  return _mm512_maskz_div_ps(usable, _mm512_set1_ps(1), scale);
}

// 16 values of one row as bytes. Infinite ones become anything: their column's scale is no number.
inline __m128i column_bytes(const float *row, __m512 inverse) {
  return _mm512_cvtsepi32_epi8(_mm512_cvtps_epi32(_mm512_mul_ps(_mm512_loadu_ps(row), inverse)));
}

// Four rows' bytes side by side: out[column][4].
inline void store_interleaved(const __m128i (&rows)[4], uint8_t *out) {
  const __m128i low_01 = _mm_unpacklo_epi8(rows[0], rows[1]), high_01 = _mm_unpackhi_epi8(rows[0], rows[1]);
  const __m128i low_23 = _mm_unpacklo_epi8(rows[2], rows[3]), high_23 = _mm_unpackhi_epi8(rows[2], rows[3]);
  const auto put = [&](size_t part, __m128i bytes) {
    _mm_storeu_si128(reinterpret_cast<__m128i *>(out + 16 * part), bytes);
  };
  put(0, _mm_unpacklo_epi16(low_01, low_23));
  put(1, _mm_unpackhi_epi16(low_01, low_23));
  put(2, _mm_unpacklo_epi16(high_01, high_23));
  put(3, _mm_unpackhi_epi16(high_01, high_23));
}

void pack_int8_block(const float *keys, const float *values, size_t stride, size_t block, const Int8KeyValues &kv) {
  const size_t size = kv.head_size, first = block * kKeyBlock, count = std::min(kKeyBlock, kv.count - first);
  uint8_t *key_block = kv.keys + first * size;
  uint8_t *value_block = reinterpret_cast<uint8_t *>(kv.values + first * size);
  if (count < kKeyBlock) std::memset(key_block, 128, kKeyBlock * size);
  for (size_t i = 0; i < size; i += 16) {
    const __m512 key_inverse = invert_scales(kv.key_scales + i), value_inverse = invert_scales(kv.value_scales + i);
    for (size_t key = 0; key < count; ++key) {
      const __m128i bytes = column_bytes(keys + key * stride + i, key_inverse);
      alignas(16) int32_t dwords[4];
      _mm_store_si128(reinterpret_cast<__m128i *>(dwords), _mm_xor_si128(bytes, _mm_set1_epi8(-128)));  // + 128
      for (size_t d = 0; d < 4; ++d) std::memcpy(key_block + (i / 4 + d) * 4 * kKeyBlock + 4 * key, dwords + d, 4);
    }
    for (size_t quad = 0; quad < kKeyBlock / 4; ++quad) {
      __m128i rows[4];
      for (size_t k = 0; k < 4; ++k) {
        const size_t key = quad * 4 + k;
        rows[k] = key < count ? column_bytes(values + key * stride + i, value_inverse) : _mm_setzero_si128();
      }
      store_interleaved(rows, value_block + (quad * size + i) * 4);
    }
  }
}

// The rows' queries as bytes, and what their products need to become scores.
template <size_t ROWS>
struct Int8Queries {
  const int8_t *values;   // [ROWS, head_size]
  float scales[16];       // times log2 e; lane of row r: kRowLane[r]
  int32_t offsets[ROWS];  // -128 * (sum of the query's integers): undoes the keys' + 128
};

// Where reduce_rows leaves each row's result.
constexpr size_t kRowLane[kAttentionRows] = {0, 1, 2, 3, 8, 9};

// The largest lane of each of up to 6 vectors, at kRowLane.
template <size_t ROWS>
inline __m512i largest_of_rows(const __m512i (&rows)[ROWS]) {
  const auto row = [&](size_t r) { return rows[r < ROWS ? r : 0]; };
  const auto pairs = [](__m512i a, __m512i b) {
    return _mm512_max_epi32(_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
  };
  const auto quads = [](__m512i a, __m512i b) {
    return _mm512_max_epi32(_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b));
  };
  const __m512i low = quads(pairs(row(0), row(1)), pairs(row(2), row(3)));
  const __m512i high = ROWS > 4 ? quads(pairs(row(4), row(5)), pairs(row(4), row(5))) : low;
  const __m512i lanes = _mm512_max_epi32(_mm512_shuffle_i32x4(low, high, 0x88), _mm512_shuffle_i32x4(low, high, 0xDD));
  return _mm512_max_epi32(lanes, _mm512_shuffle_i32x4(lanes, lanes, 0xB1));
}

template <size_t ROWS>
void quantize_queries(const AttentionRows &rows, const Int8KeyValues &kv, int8_t *values, Int8Queries<ROWS> &queries) {
  queries.values = values;
  for (size_t r = 0; r < ROWS; ++r) {
    const auto scaled = [&](size_t i) {
      return _mm512_mul_ps(_mm512_loadu_ps(rows.queries[r] + i), _mm512_loadu_ps(kv.key_scales + i));
    };
    __m512 largest = _mm512_setzero_ps(), not_finite = _mm512_setzero_ps();
    for (size_t i = 0; i < kv.head_size; i += 16) {
      const __m512 value = scaled(i);
      largest = _mm512_max_ps(largest, _mm512_abs_ps(value));
      not_finite = _mm512_add_ps(not_finite, _mm512_sub_ps(value, value));
    }
    const float maximum = _mm512_reduce_max_ps(largest), error = _mm512_reduce_add_ps(not_finite);
    const __m512 inverse = _mm512_set1_ps(maximum > 0 && error == 0 ? 127.0f / maximum : 0.0f);
    __m512i sums = _mm512_setzero_si512();
    for (size_t i = 0; i < kv.head_size; i += 16) {
      const __m512i rounded = _mm512_cvtps_epi32(_mm512_mul_ps(scaled(i), inverse));
      sums = _mm512_add_epi32(sums, rounded);
      _mm_storeu_si128(reinterpret_cast<__m128i *>(values + r * kv.head_size + i), _mm512_cvtepi32_epi8(rounded));
    }
    queries.offsets[r] = error == 0 ? -128 * _mm512_reduce_add_epi32(sums) : 0;
    queries.scales[kRowLane[r]] = (maximum / 127.0f + error) * 1.44269504f;
  }
}

// A block's keys from `visible` on are not there: their weights' bytes, in the order that weigh_block stores them.
inline __mmask64 seen_bytes(size_t visible) {
  if (visible >= kKeyBlock) return ~__mmask64{0};
  __mmask64 mask = 0;
  for (size_t key = 0; key < visible; ++key) mask |= __mmask64{1} << (key / 4 % 4 * 16 + key / 16 * 4 + key % 4);
  return mask;
}

// scores: [ROWS, kKeyBlock] integer products. Gives the largest of each row's first `visible`, at kRowLane.
template <size_t ROWS>
[[gnu::noinline]] __m512i score_block(const Int8Queries<ROWS> &queries, const uint8_t *keys, size_t size,
                                      size_t visible, int32_t *scores) {
  __m512i sums[ROWS][4];  // apart from `scores`, so that they stay in registers
#pragma GCC unroll 8
  for (size_t r = 0; r < ROWS; ++r) {
#pragma GCC unroll 4
    for (size_t v = 0; v < 4; ++v) sums[r][v] = _mm512_set1_epi32(queries.offsets[r]);
  }
  for (size_t i = 0; i < size; i += 4, keys += 4 * kKeyBlock) {
    __m512i key[4];
#pragma GCC unroll 4
    for (size_t v = 0; v < 4; ++v) key[v] = _mm512_loadu_si512(keys + 64 * v);
#pragma GCC unroll 8
    for (size_t r = 0; r < ROWS; ++r) {
      int32_t dword;
      std::memcpy(&dword, queries.values + r * size + i, 4);
      const __m512i query = _mm512_set1_epi32(dword);
#pragma GCC unroll 4
      for (size_t v = 0; v < 4; ++v) add_products(sums[r][v], key[v], query);
    }
  }
  if (visible < kKeyBlock) {
#pragma GCC unroll 4
    for (size_t v = 0; v < 4; ++v) {
      const size_t count = visible > 16 * v ? std::min<size_t>(16, visible - 16 * v) : 0;
      const __mmask16 seen = static_cast<__mmask16>((1u << count) - 1);
#pragma GCC unroll 8
      for (size_t r = 0; r < ROWS; ++r) {
        sums[r][v] = _mm512_mask_mov_epi32(_mm512_set1_epi32(INT32_MIN), seen, sums[r][v]);
      }
    }
  }
  __m512i largest[ROWS];
#pragma GCC unroll 8
  for (size_t r = 0; r < ROWS; ++r) {
    largest[r] = _mm512_max_epi32(_mm512_max_epi32(sums[r][0], sums[r][1]), _mm512_max_epi32(sums[r][2], sums[r][3]));
#pragma GCC unroll 4
    for (size_t v = 0; v < 4; ++v) _mm512_storeu_si512(scores + r * kKeyBlock + 16 * v, sums[r][v]);
  }
  return largest_of_rows<ROWS>(largest);
}

// One row's scores to bytes: 255 stands for a score of `shift` - log2 255. Dwords hold the quads of keys in the order
// 0, 4, 8, 12, 1, 5, ...: what packing yields.
inline __m512i weigh_scores(const int32_t *scores, float scale, float shift) {
  __m512i weights[4];
#pragma GCC unroll 4
  for (size_t v = 0; v < 4; ++v) {
    const __m512 score = _mm512_cvtepi32_ps(_mm512_loadu_si512(scores + 16 * v));
    weights[v] = _mm512_cvtps_epi32(power_of_two(_mm512_fmadd_ps(score, _mm512_set1_ps(scale), _mm512_set1_ps(shift))));
  }
  return _mm512_packus_epi16(_mm512_packs_epi32(weights[0], weights[1]), _mm512_packs_epi32(weights[2], weights[3]));
}

// sums += block_scales . (weights . values) for COLUMNS vectors of 16 columns from `column` on.
template <size_t ROWS, size_t COLUMNS>
inline void add_int8_values(const float *block_scales, const uint8_t *weights, const int8_t *values, size_t size,
                            size_t column, float *sums) {
  __m512i products[ROWS][COLUMNS];
#pragma GCC unroll 8
  for (size_t r = 0; r < ROWS; ++r) {
#pragma GCC unroll 4
    for (size_t c = 0; c < COLUMNS; ++c) products[r][c] = _mm512_setzero_si512();
  }
  const int8_t *at = values + column * 4;
  for (size_t lane = 0; lane < 4; ++lane) {
#pragma GCC unroll 4
    for (size_t quad = 0; quad < 4; ++quad, at += size * 4) {
      __m512i value[COLUMNS];
#pragma GCC unroll 4
      for (size_t c = 0; c < COLUMNS; ++c) value[c] = _mm512_loadu_si512(at + 64 * c);
#pragma GCC unroll 8
      for (size_t r = 0; r < ROWS; ++r) {
        int32_t dword;
        std::memcpy(&dword, weights + r * kKeyBlock + quad * 16 + lane * 4, 4);
        const __m512i weight = _mm512_set1_epi32(dword);
#pragma GCC unroll 4
        for (size_t c = 0; c < COLUMNS; ++c) add_products(products[r][c], weight, value[c]);
      }
    }
  }
#pragma GCC unroll 8
  for (size_t r = 0; r < ROWS; ++r) {
    const __m512 scale = _mm512_set1_ps(block_scales[kRowLane[r]]);
#pragma GCC unroll 4
    for (size_t c = 0; c < COLUMNS; ++c) {
      float *to = sums + r * size + column + 16 * c;
      _mm512_storeu_ps(to, _mm512_fmadd_ps(_mm512_cvtepi32_ps(products[r][c]), scale, _mm512_loadu_ps(to)));
    }
  }
}

// Running sums are relative to 2^reference of their row. The reference follows a row's maximum only when that has grown
// by kReferenceGap or more, which floats bear without loss: most blocks need no correction of what was summed before.
constexpr float kReferenceGap = 40;

template <size_t ROWS>
struct Int8Softmax {
  __m512 reference;     // at kRowLane
  __m512 totals[ROWS];  // partial sums of the weights
  float *sums;          // [ROWS, head_size]

  // Factors of a block's bytes, given its rows' largest scores.
  __m512 enter_block(__m512 largest, size_t size) {
    const __mmask16 grown =
        _mm512_cmp_ps_mask(_mm512_sub_ps(largest, reference), _mm512_set1_ps(kReferenceGap), _CMP_GT_OQ);
    if (grown != 0) {
      const __m512 next = _mm512_mask_mov_ps(reference, grown, largest);
      alignas(64) float factors[16];
      _mm512_store_ps(factors, power_of_two(_mm512_sub_ps(reference, next)));
      for (size_t r = 0; r < ROWS; ++r) {
        if ((grown >> kRowLane[r] & 1) == 0) continue;
        totals[r] = _mm512_mul_ps(totals[r], _mm512_set1_ps(factors[kRowLane[r]]));
        for (size_t i = 0; i < size; ++i) sums[r * size + i] *= factors[kRowLane[r]];
      }
      reference = next;
    }
    return _mm512_mul_ps(power_of_two(_mm512_sub_ps(largest, reference)), _mm512_set1_ps(1 / 255.0f));
  }
};

template <size_t ROWS>
void attend_int8_rows(const AttentionRows &rows, const Int8KeyValues &kv, float *scratch) {
  const size_t size = kv.head_size;
  float *sums = scratch;
  Int8Queries<ROWS> queries = {};
  quantize_queries<ROWS>(rows, kv, reinterpret_cast<int8_t *>(sums + ROWS * size), queries);
  Int8Softmax<ROWS> softmax;
  softmax.sums = sums;
  softmax.reference = _mm512_set1_ps(-3.0e38f);
  for (size_t r = 0; r < ROWS; ++r) softmax.totals[r] = _mm512_setzero_ps();
  std::fill(sums, sums + ROWS * size, 0.0f);
  // The next block's scores come before this block's values: neither waits for this block's weights.
  alignas(64) int32_t scores[2][ROWS * kKeyBlock];
  const auto score = [&](size_t first) {
    return score_block<ROWS>(queries, kv.keys + first * size, size, std::min(kKeyBlock, kv.count - first),
                             scores[first / kKeyBlock % 2]);
  };
  __m512i largest_products = score(0);
  for (size_t first = 0; first < kv.count; first += kKeyBlock) {
    alignas(64) uint8_t weights[ROWS * kKeyBlock];
    alignas(64) float shifts[16], block_scales[16];
    const __m512 largest = _mm512_mul_ps(_mm512_cvtepi32_ps(largest_products), _mm512_loadu_ps(queries.scales));
    _mm512_store_ps(shifts, _mm512_sub_ps(_mm512_set1_ps(7.99435344f), largest));  // log2 255 - the largest
    _mm512_store_ps(block_scales, softmax.enter_block(largest, size));
    const __mmask64 seen = seen_bytes(std::min(kKeyBlock, kv.count - first));
#pragma GCC unroll 8
    for (size_t r = 0; r < ROWS; ++r) {
      const __m512i bytes = _mm512_maskz_mov_epi8(seen, weigh_scores(scores[first / kKeyBlock % 2] + r * kKeyBlock,
                                                                     queries.scales[kRowLane[r]], shifts[kRowLane[r]]));
      _mm512_store_si512(weights + r * kKeyBlock, bytes);
      const __m512i partial = _mm512_dpbusd_epi32(_mm512_setzero_si512(), bytes, _mm512_set1_epi8(1));
      softmax.totals[r] =
          _mm512_fmadd_ps(_mm512_cvtepi32_ps(partial), _mm512_set1_ps(block_scales[kRowLane[r]]), softmax.totals[r]);
    }
    if (first + kKeyBlock < kv.count) largest_products = score(first + kKeyBlock);
    const int8_t *values = kv.values + first * size;
    size_t column = 0;
    for (; column + 64 <= size; column += 64)
      add_int8_values<ROWS, 4>(block_scales, weights, values, size, column, sums);
    for (; column + 32 <= size; column += 32)
      add_int8_values<ROWS, 2>(block_scales, weights, values, size, column, sums);
    for (; column < size; column += 16) add_int8_values<ROWS, 1>(block_scales, weights, values, size, column, sums);
  }
  for (size_t r = 0; r < ROWS; ++r) {
    const __m512 factor = _mm512_set1_ps(1.0f / _mm512_reduce_add_ps(softmax.totals[r]));
    for (size_t i = 0; i < size; i += 16) {
      const __m512 scale = _mm512_mul_ps(_mm512_loadu_ps(kv.value_scales + i), factor);
      _mm512_storeu_ps(rows.outputs[r] + i, _mm512_mul_ps(_mm512_loadu_ps(sums + r * size + i), scale));
    }
  }
}

void attend_int8(const AttentionRows &rows, const Int8KeyValues &kv, float *scratch) {
  switch (rows.count) {
    case 1:
      return attend_int8_rows<1>(rows, kv, scratch);
    case 2:
      return attend_int8_rows<2>(rows, kv, scratch);
    case 3:
      return attend_int8_rows<3>(rows, kv, scratch);
    case 4:
      return attend_int8_rows<4>(rows, kv, scratch);
    case 5:
      return attend_int8_rows<5>(rows, kv, scratch);
    default:
      return attend_int8_rows<6>(rows, kv, scratch);
  }
}
