// Causal attention over an int8 cache, for heads of whole cache groups, without decoding it to floats.
//
// Scores are products of bytes: queries become int8 with a scale for each group of columns, as the keys have. Values
// meet softmax weights of 16 bits, which hold the value's scale too: a long tail of small weights beside a large one
// counts in language models, and bytes would lose it. Weights are relative to the largest that they could be in their
// block. Softmax is in powers of two, and sums follow a row's maximum as in Int8Softmax.
//
// A block's keys lie in the order that unpacking bytes leaves: place 16 * j + 4 * l + m holds key 16 * l + 4 * j + m.

// The block as bytes and 16-bit pairs, in the caller's scratch memory.
struct CachedBlock {
  uint8_t *keys;          // [head_size / 4, 64 places, 4], each + 128
  int16_t *values;        // [32 pairs of keys, groups, 2, 16, 2]: as pack_cached_values says
  float *key_scales;      // [groups, 64 places]
  float *value_scales;    // the same
  float *weight_steps;    // the same: value scale / its group's largest * 32767, for rows that see the whole block
  float *largest_scales;  // [groups]: of the whole block
};

// Rows' queries, sums and softmax.
struct CachedRows {
  int8_t *queries;   // [rows, head_size]
  float *scales;     // [rows, groups], times log2 e
  int32_t *offsets;  // [rows, groups]: -128 * (sum of the group's integers), undoes the keys' + 128
  float *sums;       // [rows, head_size], columns as pack_cached_values leaves them
  __m512 totals[kAttentionTiles * kAttentionRows];     // partial sums of weights
  float references[kAttentionTiles * kAttentionRows];  // sums and totals are relative to 2 to this power
};

// Places whose keys are among the first `visible`, of the 16 places from 16 * j on.
inline __mmask16 seen_places(size_t visible, size_t j) {
  const __m512i keys = _mm512_add_epi32(_mm512_setr_epi32(0, 1, 2, 3, 16, 17, 18, 19, 32, 33, 34, 35, 48, 49, 50, 51),
                                        _mm512_set1_epi32(static_cast<int>(4 * j)));
  return _mm512_cmplt_epi32_mask(keys, _mm512_set1_epi32(static_cast<int>(visible)));
}

inline void pack_cached_keys(const int8_t *keys, size_t size, uint8_t *out) {
  for (size_t i = 0; i < size; i += 4, keys += 4 * kKeyBlock, out += 4 * kKeyBlock) {
    __m512i columns[4];
#pragma GCC unroll 4
    for (size_t c = 0; c < 4; ++c) {
      columns[c] = _mm512_xor_si512(_mm512_loadu_si512(keys + c * kKeyBlock), _mm512_set1_epi8(-128));
    }
    const __m512i low_01 = _mm512_unpacklo_epi8(columns[0], columns[1]);
    const __m512i high_01 = _mm512_unpackhi_epi8(columns[0], columns[1]);
    const __m512i low_23 = _mm512_unpacklo_epi8(columns[2], columns[3]);
    const __m512i high_23 = _mm512_unpackhi_epi8(columns[2], columns[3]);
    _mm512_store_si512(out, _mm512_unpacklo_epi16(low_01, low_23));
    _mm512_store_si512(out + 64, _mm512_unpackhi_epi16(low_01, low_23));
    _mm512_store_si512(out + 128, _mm512_unpacklo_epi16(high_01, high_23));
    _mm512_store_si512(out + 192, _mm512_unpackhi_epi16(high_01, high_23));
  }
}

// The first key of each pair, in the order in which weigh_cached packs weights.
inline size_t key_of_pair(size_t pair) {
  return pair / 4 % 4 * 16 + pair / 16 * 8 + pair % 4 * 2;
}

// Two keys' values side by side. Of a group's columns the first vector has 0-3, 8-11, 16-19 and 24-27.
inline void pack_cached_values(const int8_t *values, size_t size, int16_t *out) {
  for (size_t pair = 0; pair < kKeyBlock / 2; ++pair) {
    const int8_t *row = values + key_of_pair(pair) * size;
    for (size_t i = 0; i < size; i += kCacheGroup, row += kCacheGroup, out += 2 * kCacheGroup) {
      const auto widen = [](const int8_t *from) {
        return _mm512_cvtepi8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i *>(from)));
      };
      const __m512i first = widen(row), second = widen(row + size);
      _mm512_store_si512(out, _mm512_unpacklo_epi16(first, second));
      _mm512_store_si512(out + kCacheGroup, _mm512_unpackhi_epi16(first, second));
    }
  }
}

// The largest of a group's value scales among the places of `seen`; what is no number is larger than all others.
inline float largest_scale(const float *scales, const __mmask16 (&seen)[4]) {
  __m512i largest = _mm512_setzero_si512();
#pragma GCC unroll 4
  for (size_t j = 0; j < 4; ++j) {
    largest = _mm512_mask_max_epi32(largest, seen[j], largest, _mm512_load_si512(scales + 16 * j));
  }
  return std::bit_cast<float>(_mm512_reduce_max_epi32(largest));
}

inline float weight_step(float largest) {
  return largest > 0 ? 32767.0f / largest : 0.0f;
}

// A group's scales as floats, in the order of places: of four vectors of 16 keys each, vector j gets the 128-bit lanes
// j.
inline void order_cached_scales(const uint8_t *scales, float *out) {
  __m512i keys[4];
#pragma GCC unroll 4
  for (size_t l = 0; l < 4; ++l) {
    const __m256i halves = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(scales + 32 * l));
    keys[l] = _mm512_slli_epi32(_mm512_cvtepu16_epi32(halves), 16);
  }
  const __m512i low_01 = _mm512_shuffle_i32x4(keys[0], keys[1], 0x44);
  const __m512i high_01 = _mm512_shuffle_i32x4(keys[0], keys[1], 0xEE);
  const __m512i low_23 = _mm512_shuffle_i32x4(keys[2], keys[3], 0x44);
  const __m512i high_23 = _mm512_shuffle_i32x4(keys[2], keys[3], 0xEE);
  _mm512_store_si512(out, _mm512_shuffle_i32x4(low_01, low_23, 0x88));
  _mm512_store_si512(out + 16, _mm512_shuffle_i32x4(low_01, low_23, 0xDD));
  _mm512_store_si512(out + 32, _mm512_shuffle_i32x4(high_01, high_23, 0x88));
  _mm512_store_si512(out + 48, _mm512_shuffle_i32x4(high_01, high_23, 0xDD));
}

inline void pack_cached_block(const uint8_t *from, const KeyValueBlocks &kv, const CachedBlock &block) {
  const size_t size = kv.head_size, groups = cache_groups(size);
  pack_cached_keys(reinterpret_cast<const int8_t *>(from + kv.keys), size, block.keys);
  pack_cached_values(reinterpret_cast<const int8_t *>(from + kv.values), size, block.values);
  const __mmask16 all[4] = {0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF};
  for (size_t g = 0; g < groups; ++g) {
    float *value_scales = block.value_scales + g * kKeyBlock;
    order_cached_scales(from + kv.key_scales + 2 * g * kKeyBlock, block.key_scales + g * kKeyBlock);
    order_cached_scales(from + kv.value_scales + 2 * g * kKeyBlock, value_scales);
    block.largest_scales[g] = largest_scale(value_scales, all);
    const __m512 step = _mm512_set1_ps(weight_step(block.largest_scales[g]));
    for (size_t place = 0; place < kKeyBlock; place += 16) {
      _mm512_store_ps(block.weight_steps + g * kKeyBlock + place,
                      _mm512_mul_ps(_mm512_load_ps(value_scales + place), step));
    }
  }
}

inline void quantize_cached_query(const float *query, size_t size, int8_t *values, float *scales, int32_t *offsets) {
  for (size_t i = 0; i < size; i += kCacheGroup) {
    const __m512 low = _mm512_loadu_ps(query + i), high = _mm512_loadu_ps(query + i + 16);
    const float largest = _mm512_reduce_max_ps(_mm512_max_ps(_mm512_abs_ps(low), _mm512_abs_ps(high)));
    const float error = _mm512_reduce_add_ps(_mm512_add_ps(_mm512_sub_ps(low, low), _mm512_sub_ps(high, high)));
    const __m512 inverse = _mm512_set1_ps(largest > 0 && error == 0 ? 127.0f / largest : 0.0f);
    const __m512i low_rounded = _mm512_cvtps_epi32(_mm512_mul_ps(low, inverse));
    const __m512i high_rounded = _mm512_cvtps_epi32(_mm512_mul_ps(high, inverse));
    _mm_storeu_si128(reinterpret_cast<__m128i *>(values + i), _mm512_cvtepi32_epi8(low_rounded));
    _mm_storeu_si128(reinterpret_cast<__m128i *>(values + i + 16), _mm512_cvtepi32_epi8(high_rounded));
    *offsets++ = error == 0 ? -128 * _mm512_reduce_add_epi32(_mm512_add_epi32(low_rounded, high_rounded)) : 0;
    *scales++ = (largest / 127.0f + error) * 1.44269504f;
  }
}

// scores: [ROWS, 64 places], as powers of two.
template <size_t ROWS>
[[gnu::noinline]] void score_cached_block(const CachedRows &rows, size_t first_row, const CachedBlock &block,
                                          size_t size, float *scores) {
  const size_t groups = cache_groups(size);
  const uint8_t *keys = block.keys;
  const int8_t *queries = rows.queries + first_row * size;
  for (size_t g = 0; g < groups; ++g) {
    __m512i products[ROWS][4];
#pragma GCC unroll 8
    for (size_t r = 0; r < ROWS; ++r) {
#pragma GCC unroll 4
      for (size_t j = 0; j < 4; ++j) products[r][j] = _mm512_set1_epi32(rows.offsets[(first_row + r) * groups + g]);
    }
    for (size_t i = 0; i < kCacheGroup; i += 4, keys += 4 * kKeyBlock, queries += 4) {
      __m512i key[4];
#pragma GCC unroll 4
      for (size_t j = 0; j < 4; ++j) key[j] = _mm512_load_si512(keys + 64 * j);
#pragma GCC unroll 8
      for (size_t r = 0; r < ROWS; ++r) {
        const __m512i query = broadcast_dword(queries + r * size);
#pragma GCC unroll 4
        for (size_t j = 0; j < 4; ++j) add_products(products[r][j], key[j], query);
      }
    }
#pragma GCC unroll 8
    for (size_t r = 0; r < ROWS; ++r) {
      const __m512 scale = _mm512_set1_ps(rows.scales[(first_row + r) * groups + g]);
#pragma GCC unroll 4
      for (size_t j = 0; j < 4; ++j) {
        float *to = scores + r * kKeyBlock + 16 * j;
        const __m512 sum = g == 0 ? _mm512_setzero_ps() : _mm512_load_ps(to);
        const __m512 scaled = _mm512_mul_ps(_mm512_cvtepi32_ps(products[r][j]), scale);
        _mm512_store_ps(to, _mm512_fmadd_ps(scaled, _mm512_load_ps(block.key_scales + g * kKeyBlock + 16 * j), sum));
      }
    }
  }
}

// One row's scores to weights [groups, 32 pairs of keys, 2], and each group's factor of the products with values.
inline void weigh_cached(CachedRows &rows, size_t row, const CachedBlock &block, size_t size, size_t visible,
                         const float *scores, int16_t *weights, float *factors) {
  const size_t groups = cache_groups(size);
  if (visible == 0) {
    std::memset(weights, 0, groups * kKeyBlock * sizeof(int16_t));
    std::fill(factors, factors + groups, 0.0f);
    return;
  }
  __mmask16 seen[4];
  __m512 largest_lanes = _mm512_set1_ps(-3.0e38f);
#pragma GCC unroll 4
  for (size_t j = 0; j < 4; ++j) {
    seen[j] = visible >= kKeyBlock ? 0xFFFF : seen_places(visible, j);
    // In this order of operands the maximum passes over what is no number: it stays visible in the total.
    largest_lanes = _mm512_mask_max_ps(largest_lanes, seen[j], _mm512_load_ps(scores + 16 * j), largest_lanes);
  }
  const float largest = _mm512_reduce_max_ps(largest_lanes);
  float &reference = rows.references[row];
  if (largest - reference > kReferenceGap) {
    const __m512 factor = power_of_two(_mm512_set1_ps(reference - largest));
    rows.totals[row] = _mm512_mul_ps(rows.totals[row], factor);
    for (float *sum = rows.sums + row * size, *end = sum + size; sum != end; sum += 16) {
      _mm512_store_ps(sum, _mm512_mul_ps(_mm512_load_ps(sum), factor));
    }
    reference = largest;
  }
  const __m512 block_factor = power_of_two(_mm512_set1_ps(largest - reference));
  __m512 exponentials[4], total = _mm512_setzero_ps();
#pragma GCC unroll 4
  for (size_t j = 0; j < 4; ++j) {
    const __m512 score = _mm512_sub_ps(_mm512_load_ps(scores + 16 * j), _mm512_set1_ps(largest));
    exponentials[j] = _mm512_maskz_mov_ps(seen[j], power_of_two(score));
    total = _mm512_add_ps(total, exponentials[j]);
  }
  rows.totals[row] = _mm512_fmadd_ps(total, block_factor, rows.totals[row]);
  for (size_t g = 0; g < groups; ++g, weights += kKeyBlock) {
    const bool whole = visible >= kKeyBlock;
    const float *value_scales = block.value_scales + g * kKeyBlock;
    const float scale = whole ? block.largest_scales[g] : largest_scale(value_scales, seen);
    const __m512 step = _mm512_set1_ps(weight_step(scale));
    __m512i rounded[4];
#pragma GCC unroll 4
    for (size_t j = 0; j < 4; ++j) {
      const __m512 steps = whole ? _mm512_load_ps(block.weight_steps + g * kKeyBlock + 16 * j)
                                 : _mm512_mul_ps(_mm512_maskz_load_ps(seen[j], value_scales + 16 * j), step);
      rounded[j] = _mm512_cvtps_epi32(_mm512_mul_ps(exponentials[j], steps));
    }
    _mm512_store_si512(weights, _mm512_packs_epi32(rounded[0], rounded[1]));
    _mm512_store_si512(weights + 32, _mm512_packs_epi32(rounded[2], rounded[3]));
    factors[g] = _mm512_cvtss_f32(block_factor) * (scale * (1 / 32767.0f));
  }
}

// products += two pairs of 16-bit integers in each lane.
inline void add_wide_products(__m512i &products, __m512i a, __m512i b) {
  asm("vpdpwssd %2, %1, %0" : "+v"(products) : "v"(a), "v"(b));
}

// sums += factors . (weights . values)
template <size_t ROWS>
[[gnu::noinline]] void add_cached_values(const int16_t *weights, const float *factors, const int16_t *values,
                                         size_t size, float *sums) {
  const size_t groups = cache_groups(size);
  for (size_t g = 0; g < groups; ++g) {
    __m512i products[ROWS][2];
#pragma GCC unroll 8
    for (size_t r = 0; r < ROWS; ++r) products[r][0] = products[r][1] = _mm512_setzero_si512();
    const int16_t *at = values + g * 2 * kCacheGroup, *pair_weights = weights + g * kKeyBlock;
    for (size_t pair = 0; pair < kKeyBlock / 2; ++pair, at += 2 * size, pair_weights += 2) {
      const __m512i low = _mm512_load_si512(at), high = _mm512_load_si512(at + kCacheGroup);
#pragma GCC unroll 8
      for (size_t r = 0; r < ROWS; ++r) {
        const __m512i weight = broadcast_dword(reinterpret_cast<const int8_t *>(pair_weights + r * groups * kKeyBlock));
        add_wide_products(products[r][0], weight, low);
        add_wide_products(products[r][1], weight, high);
      }
    }
#pragma GCC unroll 8
    for (size_t r = 0; r < ROWS; ++r) {
      const __m512 factor = _mm512_set1_ps(factors[r * groups + g]);
#pragma GCC unroll 2
      for (size_t half = 0; half < 2; ++half) {
        float *to = sums + r * size + g * kCacheGroup + 16 * half;
        _mm512_store_ps(to, _mm512_fmadd_ps(_mm512_cvtepi32_ps(products[r][half]), factor, _mm512_load_ps(to)));
      }
    }
  }
}

template <size_t ROWS>
void attend_cached_tile(const AttentionRows &tile, size_t first_row, size_t first, const CachedBlock &block,
                        size_t size, CachedRows &rows, float *scores, int16_t *weights, float *factors) {
  const size_t groups = cache_groups(size);
  size_t limit = 0;
  for (size_t r = 0; r < ROWS; ++r) limit = std::max(limit, tile.limits[r]);
  if (limit <= first) return;
  score_cached_block<ROWS>(rows, first_row, block, size, scores);
  for (size_t r = 0; r < ROWS; ++r) {
    weigh_cached(rows, first_row + r, block, size, tile.limits[r] > first ? tile.limits[r] - first : 0,
                 scores + r * kKeyBlock, weights + r * groups * kKeyBlock, factors + r * groups);
  }
  add_cached_values<ROWS>(weights, factors, block.values, size, rows.sums + first_row * size);
}

using AttendCachedTile = void (*)(const AttentionRows &, size_t, size_t, const CachedBlock &, size_t, CachedRows &,
                                  float *, int16_t *, float *);
constexpr AttendCachedTile kAttendCachedTile[kAttentionRows] = {attend_cached_tile<1>, attend_cached_tile<2>,
                                                                attend_cached_tile<3>, attend_cached_tile<4>,
                                                                attend_cached_tile<5>, attend_cached_tile<6>};

// A row's sums, divided by its total, with the columns back in their order.
inline void write_cached_row(const CachedRows &rows, size_t row, size_t size, float *out) {
  const __m512 factor = _mm512_set1_ps(1.0f / _mm512_reduce_add_ps(rows.totals[row]));
  const __m512i low = _mm512_setr_epi32(0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  const __m512i high = _mm512_add_epi32(low, _mm512_set1_epi32(8));
  for (size_t i = 0; i < size; i += kCacheGroup) {
    const __m512 first = _mm512_mul_ps(_mm512_load_ps(rows.sums + row * size + i), factor);
    const __m512 second = _mm512_mul_ps(_mm512_load_ps(rows.sums + row * size + i + 16), factor);
    _mm512_storeu_ps(out + i, _mm512_permutex2var_ps(first, low, second));
    _mm512_storeu_ps(out + i + 16, _mm512_permutex2var_ps(first, high, second));
  }
}

// Hands out pieces of the caller's scratch memory, which attention_scratch() sizes for the float kernels: those need
// more. Each piece is a multiple of 64 bytes.
class ScratchPieces {
 public:
  explicit ScratchPieces(float *scratch) : next_(reinterpret_cast<uint8_t *>(scratch)) {}
  template <typename T>
  T *take(size_t count) {
    T *piece = reinterpret_cast<T *>(next_);
    next_ += (count * sizeof(T) + 63) / 64 * 64;
    return piece;
  }

 private:
  uint8_t *next_;
};

void attend_cached(const AttentionRows *tiles, size_t count, const KeyValueBlocks &kv, float *scratch) {
  constexpr size_t kMostRows = kAttentionTiles * kAttentionRows;
  const size_t size = kv.head_size, groups = cache_groups(size);
  ScratchPieces pieces(scratch);
  const CachedBlock block = {pieces.take<uint8_t>(kKeyBlock * size), pieces.take<int16_t>(kKeyBlock * size),
                             pieces.take<float>(kKeyBlock * groups), pieces.take<float>(kKeyBlock * groups),
                             pieces.take<float>(kKeyBlock * groups), pieces.take<float>(groups)};
  CachedRows rows;
  rows.queries = pieces.take<int8_t>(kMostRows * size);
  rows.scales = pieces.take<float>(kMostRows * groups);
  rows.offsets = pieces.take<int32_t>(kMostRows * groups);
  rows.sums = pieces.take<float>(kMostRows * size);
  float *scores = pieces.take<float>(kAttentionRows * kKeyBlock),
        *factors = pieces.take<float>(kAttentionRows * groups);
  int16_t *weights = pieces.take<int16_t>(kAttentionRows * kKeyBlock * groups);
  size_t limit = 0;
  for (size_t t = 0; t < count; ++t) {
    for (size_t r = 0, row = t * kAttentionRows; r < tiles[t].count; ++r, ++row) {
      limit = std::max(limit, tiles[t].limits[r]);
      quantize_cached_query(tiles[t].queries[r], size, rows.queries + row * size, rows.scales + row * groups,
                            rows.offsets + row * groups);
      std::fill(rows.sums + row * size, rows.sums + (row + 1) * size, 0.0f);
      rows.totals[row] = _mm512_setzero_ps();
      rows.references[row] = -3.0e38f;
    }
  }
  for (size_t first = 0; first < limit; first += kKeyBlock) {
    pack_cached_block(kv.blocks[first / kKeyBlock], kv, block);
    for (size_t t = 0; t < count; ++t) {
      kAttendCachedTile[tiles[t].count - 1](tiles[t], t * kAttentionRows, first, block, size, rows, scores, weights,
                                            factors);
    }
  }
  for (size_t t = 0; t < count; ++t) {
    for (size_t r = 0; r < tiles[t].count; ++r) {
      write_cached_row(rows, t * kAttentionRows + r, size, tiles[t].outputs[r]);
    }
  }
}

void attend_any(const AttentionRows *tiles, size_t count, const KeyValueBlocks &kv, float *scratch) {
  const bool whole_groups = kv.head_size % kCacheGroup == 0;
  return kv.type == CacheType::int8 && whole_groups ? attend_cached(tiles, count, kv, scratch)
                                                    : attend(tiles, count, kv, scratch);
}
