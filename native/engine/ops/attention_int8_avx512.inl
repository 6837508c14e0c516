// Bidirectional attention over int8 keys and values: four times the products an instruction of the float kernels.
// Softmax stays in float, in powers of two, with an online maximum over blocks of 64 keys.

inline void add_products(__m512i &products, __m512i unsigned_bytes, __m512i signed_bytes) {
  asm("vpdpbusd %2, %1, %0" : "+v"(products) : "v"(unsigned_bytes), "v"(signed_bytes));
}

// 2^x to 5e-6, by a polynomial on +-0.5; 0 for very negative x.
inline __m512 power_of_two(__m512 x) {
  const __m512 whole = _mm512_roundscale_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  const __m512 rest = _mm512_sub_ps(x, whole);
  __m512 p = _mm512_set1_ps(9.6181291e-3f);
  p = _mm512_fmadd_ps(p, rest, _mm512_set1_ps(5.5504109e-2f));
  p = _mm512_fmadd_ps(p, rest, _mm512_set1_ps(2.4022651e-1f));
  p = _mm512_fmadd_ps(p, rest, _mm512_set1_ps(6.9314718e-1f));
  p = _mm512_fmadd_ps(p, rest, _mm512_set1_ps(1.0f));
  return _mm512_scalef_ps(p, whole);
}

void pack_int8_block(const float *keys, const float *values, size_t stride, size_t block, const Int8KeyValues &kv) {
  const size_t size = kv.head_size, first = block * kKeyBlock, count = std::min(kKeyBlock, kv.count - first);
  uint8_t *key_block = kv.keys + first * size;
  int8_t *value_block = kv.values + first * size;
  float *key_scales = kv.key_scales + first, *value_scales = kv.value_scales + first;
  if (count < kKeyBlock) {
    std::memset(key_block, 128, kKeyBlock * size);
    std::memset(value_block, 0, kKeyBlock * size);
    std::fill(key_scales, key_scales + kKeyBlock, 0.0f);
    std::fill(value_scales, value_scales + kKeyBlock, 0.0f);
  }
  alignas(64) int8_t rows[4][1024];
  float unused;
  for (size_t key = 0; key < count; ++key) {
    quantize_group(keys + key * stride, size, 1, false, rows[0], key_scales + key, &unused);
    for (size_t i = 0; i < size; i += 4) {
      uint32_t dword;
      std::memcpy(&dword, rows[0] + i, 4);
      dword ^= 0x80808080u;  // signed to unsigned: + 128
      std::memcpy(key_block + i * kKeyBlock + 4 * key, &dword, 4);
    }
  }
  for (size_t quad = 0; quad * 4 < count; ++quad) {
    for (size_t k = 0; k < 4; ++k) {
      if (quad * 4 + k < count) {
        quantize_group(values + (quad * 4 + k) * stride, size, 1, false, rows[k], value_scales + quad * 4 + k, &unused);
      } else {
        std::memset(rows[k], 0, size);
      }
    }
    for (size_t i = 0; i < size; i += 16) {
      const auto row = [&](size_t k) { return _mm_load_si128(reinterpret_cast<const __m128i *>(rows[k] + i)); };
      const auto put = [&](size_t part, __m128i bytes) {
        _mm_storeu_si128(reinterpret_cast<__m128i *>(value_block + (quad * size + i) * 4 + 16 * part), bytes);
      };
      const __m128i low_01 = _mm_unpacklo_epi8(row(0), row(1)), high_01 = _mm_unpackhi_epi8(row(0), row(1));
      const __m128i low_23 = _mm_unpacklo_epi8(row(2), row(3)), high_23 = _mm_unpackhi_epi8(row(2), row(3));
      put(0, _mm_unpacklo_epi16(low_01, low_23));
      put(1, _mm_unpackhi_epi16(low_01, low_23));
      put(2, _mm_unpacklo_epi16(high_01, high_23));
      put(3, _mm_unpackhi_epi16(high_01, high_23));
    }
  }
}

// What one row of queries carries from block to block.
struct Int8Row {
  float scale;     // of the query, times log2 e
  int32_t offset;  // -128 * (sum of the query's integers): undoes the keys' + 128
  float largest = -3.0e38f;
  __m512 total = _mm512_setzero_ps();
  float correction, weight_scale;  // of the current block
};

// scores: [ROWS, kKeyBlock] integer products.
template <size_t ROWS>
inline void score_int8_block(const Int8Row *rows, const int8_t *queries, const uint8_t *keys, size_t size,
                             int32_t *scores) {
  __m512i sums[ROWS][4];  // apart from `scores`, so that they stay in registers
#pragma GCC unroll 8
  for (size_t r = 0; r < ROWS; ++r) {
#pragma GCC unroll 4
    for (size_t v = 0; v < 4; ++v) sums[r][v] = _mm512_set1_epi32(rows[r].offset);
  }
  for (size_t i = 0; i < size; i += 4, keys += 4 * kKeyBlock) {
    __m512i key[4];
#pragma GCC unroll 4
    for (size_t v = 0; v < 4; ++v) key[v] = _mm512_loadu_si512(keys + 64 * v);
#pragma GCC unroll 8
    for (size_t r = 0; r < ROWS; ++r) {
      int32_t dword;
      std::memcpy(&dword, queries + r * size + i, 4);
      const __m512i query = _mm512_set1_epi32(dword);
#pragma GCC unroll 4
      for (size_t v = 0; v < 4; ++v) add_products(sums[r][v], key[v], query);
    }
  }
#pragma GCC unroll 8
  for (size_t r = 0; r < ROWS; ++r) {
#pragma GCC unroll 4
    for (size_t v = 0; v < 4; ++v) _mm512_storeu_si512(scores + r * kKeyBlock + 16 * v, sums[r][v]);
  }
}

// Scores to weights relative to the running maximum, times the values' scales, as bytes. 255 stands for the block's
// largest weight times its largest scale: a bound that costs no second search for a maximum.
inline void weigh_int8_scores(Int8Row &row, const int32_t *products, const float *key_scales, const float *value_scales,
                              float largest_value_scale, size_t visible, uint8_t *weights) {
  __m512 scores[4], largest = _mm512_set1_ps(-3.0e38f);
#pragma GCC unroll 4
  for (size_t v = 0; v < 4; ++v) {
    const __m512 scale = _mm512_mul_ps(_mm512_loadu_ps(key_scales + 16 * v), _mm512_set1_ps(row.scale));
    const __mmask16 seen = visible >= 16 * (v + 1) ? 0xFFFF
                           : visible <= 16 * v     ? 0
                                                   : static_cast<__mmask16>((1u << (visible - 16 * v)) - 1);
    const __m512 score = _mm512_cvtepi32_ps(_mm512_loadu_si512(products + 16 * v));
    scores[v] = _mm512_mask_mul_ps(_mm512_set1_ps(-3.0e38f), seen, score, scale);
    largest = _mm512_max_ps(largest, scores[v]);
  }
  const float of_block = _mm512_reduce_max_ps(largest), next = std::max(row.largest, of_block);
  const __m512 factors =
      power_of_two(_mm512_mask_mov_ps(_mm512_set1_ps(of_block - next), 1, _mm512_set1_ps(row.largest - next)));
  row.correction = _mm512_cvtss_f32(factors);
  row.largest = next;
  const float bound = _mm512_cvtss_f32(_mm512_permute_ps(factors, 0x55)) * largest_value_scale;
  const __m512 inverse = _mm512_set1_ps(bound > 0 ? 255.0f / bound : 0.0f);
  row.weight_scale = bound / 255.0f;
  row.total = _mm512_mul_ps(row.total, _mm512_set1_ps(row.correction));
#pragma GCC unroll 4
  for (size_t v = 0; v < 4; ++v) {
    const __m512 weight = power_of_two(_mm512_sub_ps(scores[v], _mm512_set1_ps(next)));
    row.total = _mm512_add_ps(row.total, weight);
    const __m512 scaled = _mm512_mul_ps(_mm512_mul_ps(weight, inverse), _mm512_loadu_ps(value_scales + 16 * v));
    // Rounding may step past 255; the conversion saturates.
    _mm_storeu_si128(reinterpret_cast<__m128i *>(weights + 16 * v), _mm512_cvtusepi32_epi8(_mm512_cvtps_epi32(scaled)));
  }
}

// sums = sums * correction + weights . values for COLUMNS vectors of 16 columns from `column` on.
template <size_t ROWS, size_t COLUMNS>
inline void add_int8_values(const Int8Row *rows, const uint8_t *weights, const int8_t *values, size_t size,
                            size_t column, float *sums) {
  __m512i products[ROWS][COLUMNS];
#pragma GCC unroll 8
  for (size_t r = 0; r < ROWS; ++r) {
#pragma GCC unroll 4
    for (size_t c = 0; c < COLUMNS; ++c) products[r][c] = _mm512_setzero_si512();
  }
  for (size_t quad = 0; quad < kKeyBlock / 4; ++quad) {
    __m512i value[COLUMNS];
#pragma GCC unroll 4
    for (size_t c = 0; c < COLUMNS; ++c) value[c] = _mm512_loadu_si512(values + (quad * size + column + 16 * c) * 4);
#pragma GCC unroll 8
    for (size_t r = 0; r < ROWS; ++r) {
      int32_t dword;
      std::memcpy(&dword, weights + r * kKeyBlock + 4 * quad, 4);
      const __m512i weight = _mm512_set1_epi32(dword);
#pragma GCC unroll 4
      for (size_t c = 0; c < COLUMNS; ++c) add_products(products[r][c], weight, value[c]);
    }
  }
#pragma GCC unroll 8
  for (size_t r = 0; r < ROWS; ++r) {
#pragma GCC unroll 4
    for (size_t c = 0; c < COLUMNS; ++c) {
      float *to = sums + r * size + column + 16 * c;
      const __m512 before = _mm512_mul_ps(_mm512_loadu_ps(to), _mm512_set1_ps(rows[r].correction));
      _mm512_storeu_ps(
          to, _mm512_fmadd_ps(_mm512_cvtepi32_ps(products[r][c]), _mm512_set1_ps(rows[r].weight_scale), before));
    }
  }
}

template <size_t ROWS>
void attend_int8_rows(const AttentionRows &rows, const Int8KeyValues &kv, float *scratch) {
  const size_t size = kv.head_size;
  float *sums = scratch;
  int8_t *queries = reinterpret_cast<int8_t *>(sums + ROWS * size);
  uint8_t *weights = reinterpret_cast<uint8_t *>(queries + ROWS * size);
  Int8Row states[ROWS];
  for (size_t r = 0; r < ROWS; ++r) {
    float scaled_sum;
    quantize_group(rows.queries[r], size, 1, false, queries + r * size, &states[r].scale, &scaled_sum);
    int32_t sum = 0;
    for (size_t i = 0; i < size; ++i) sum += queries[r * size + i];
    states[r].offset = -128 * sum;
    states[r].scale *= 1.44269504f;
  }
  std::fill(sums, sums + ROWS * size, 0.0f);
  for (size_t first = 0; first < kv.count; first += kKeyBlock) {
    alignas(64) int32_t scores[ROWS * kKeyBlock];
    score_int8_block<ROWS>(states, queries, kv.keys + first * size, size, scores);
    const float *value_scales = kv.value_scales + first;
    const __m512 low = _mm512_max_ps(_mm512_loadu_ps(value_scales), _mm512_loadu_ps(value_scales + 16));
    const __m512 high = _mm512_max_ps(_mm512_loadu_ps(value_scales + 32), _mm512_loadu_ps(value_scales + 48));
    const float largest_value_scale = _mm512_reduce_max_ps(_mm512_max_ps(low, high));
    for (size_t r = 0; r < ROWS; ++r) {
      weigh_int8_scores(states[r], scores + r * kKeyBlock, kv.key_scales + first, value_scales, largest_value_scale,
                        std::min(kKeyBlock, kv.count - first), weights + r * kKeyBlock);
    }
    const int8_t *values = kv.values + first * size;
    size_t column = 0;
    for (; column + 64 <= size; column += 64) add_int8_values<ROWS, 4>(states, weights, values, size, column, sums);
    for (; column + 32 <= size; column += 32) add_int8_values<ROWS, 2>(states, weights, values, size, column, sums);
    for (; column < size; column += 16) add_int8_values<ROWS, 1>(states, weights, values, size, column, sums);
  }
  for (size_t r = 0; r < ROWS; ++r) {
    const float factor = 1.0f / _mm512_reduce_add_ps(states[r].total);
    for (size_t i = 0; i < size; ++i) rows.outputs[r][i] = sums[r * size + i] * factor;
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
