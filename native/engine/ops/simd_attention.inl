// Attention over the KV cache, on top of simd_float.inl and cached_block.inl: scores of up to kAttentionRows queries
// with a block of keys, then the weighted values, with an online softmax.

constexpr size_t kScoreVectors = BREVIS_LANES == 16 ? 4 : 2;  // vectors of keys at a time

// scores[row][key] = queries[row] . keys[key], for keys 0..63 of a block laid out [head_size, 64].
template <size_t ROWS>
inline void score_block(const AttentionRows &rows, const float *keys, size_t head_size, size_t key_count,
                        float *scores) {
  constexpr size_t kStep = kScoreVectors * kLanes;
  for (size_t key = 0; key < key_count; key += kStep) {
    Vector sums[ROWS][kScoreVectors] = {};
    for (size_t i = 0; i < head_size; ++i) {
      Vector column[kScoreVectors];
#pragma GCC unroll 4
      for (size_t v = 0; v < kScoreVectors; ++v) column[v] = load(keys + i * kKeyBlock + key + v * kLanes);
#pragma GCC unroll 8
      for (size_t r = 0; r < ROWS; ++r) {
        const Vector query = splat(rows.queries[r][i]);
#pragma GCC unroll 4
        for (size_t v = 0; v < kScoreVectors; ++v) sums[r][v] += query * column[v];
      }
    }
#pragma GCC unroll 8
    for (size_t r = 0; r < ROWS; ++r) {
#pragma GCC unroll 4
      for (size_t v = 0; v < kScoreVectors; ++v) store(scores + r * kKeyBlock + key + v * kLanes, sums[r][v]);
    }
  }
}

struct SoftmaxRow {
  float largest = -3.0e38f;
  Vector total = {};
};

// Turns one row's scores into weights relative to the row's new maximum; gives the factor for what was summed before.
inline float weigh_scores(SoftmaxRow &row, float *scores, size_t visible) {
  VectorInt lane = {};
  for (size_t i = 0; i < kLanes; ++i) lane[i] = static_cast<int32_t>(i);
  Vector largest = splat(row.largest);
  for (size_t key = 0; key < visible; key += kLanes) {
    const VectorInt seen = lane < static_cast<int32_t>(visible - key);
    largest = larger(select(seen, load(scores + key), splat(-3.0e38f)), largest);
  }
  float next = row.largest;
  for (size_t i = 0; i < kLanes; ++i) next = largest[i] > next ? largest[i] : next;
  const float correction = exponential(splat(row.largest - next))[0];
  row.total *= correction;
  row.largest = next;
  for (size_t key = 0; key < kKeyBlock; key += kLanes) {
    // A score that is no number must stay visible in the result, so only unseen keys are masked.
    const VectorInt seen = lane < (static_cast<int32_t>(visible) - static_cast<int32_t>(key));
    const Vector score = load(scores + key);
    const Vector weight = (Vector)((VectorInt)(exponential(score - next) + (score - score)) & seen);
    row.total += weight;
    store(scores + key, weight);
  }
  return correction;
}

// sums[row] = sums[row] * corrections[row] + weights[row] . values, for key_count keys laid out [64, value_stride], and
// VECTORS vectors of columns from `column` on.
template <size_t ROWS, size_t VECTORS>
inline void add_value_columns(const float *weights, const float *values, size_t value_stride, size_t key_count,
                              const float *corrections, size_t column, float *sums) {
  Vector total[ROWS][VECTORS];
#pragma GCC unroll 8
  for (size_t r = 0; r < ROWS; ++r) {
#pragma GCC unroll 4
    for (size_t v = 0; v < VECTORS; ++v)
      total[r][v] = load(sums + r * value_stride + column + v * kLanes) * corrections[r];
  }
  for (size_t key = 0; key < key_count; ++key) {
    Vector value[VECTORS];
#pragma GCC unroll 4
    for (size_t v = 0; v < VECTORS; ++v) value[v] = load(values + key * value_stride + column + v * kLanes);
#pragma GCC unroll 8
    for (size_t r = 0; r < ROWS; ++r) {
      const Vector weight = splat(weights[r * kKeyBlock + key]);
#pragma GCC unroll 4
      for (size_t v = 0; v < VECTORS; ++v) total[r][v] += weight * value[v];
    }
  }
#pragma GCC unroll 8
  for (size_t r = 0; r < ROWS; ++r) {
#pragma GCC unroll 4
    for (size_t v = 0; v < VECTORS; ++v) store(sums + r * value_stride + column + v * kLanes, total[r][v]);
  }
}

// All columns; value_stride is a multiple of 16 floats.
template <size_t ROWS>
inline void add_values(const float *weights, const float *values, size_t value_stride, size_t key_count,
                       const float *corrections, float *sums) {
  constexpr size_t kNarrow = 16 / kLanes, kWide = BREVIS_LANES == 16 ? 4 : kNarrow;  // wide: all registers but a few
  size_t column = 0;
  for (; column + kWide * kLanes <= value_stride; column += kWide * kLanes)
    add_value_columns<ROWS, kWide>(weights, values, value_stride, key_count, corrections, column, sums);
  for (; column < value_stride; column += kNarrow * kLanes)
    add_value_columns<ROWS, kNarrow>(weights, values, value_stride, key_count, corrections, column, sums);
}

template <size_t ROWS>
void attend_block(const AttentionRows &rows, const FloatBlock &block, size_t first, const KeyValueBlocks &kv,
                  float *scores, SoftmaxRow *softmax, float *sums) {
  size_t limit = 0;
  for (size_t r = 0; r < ROWS; ++r) limit = std::max(limit, rows.limits[r]);
  if (limit <= first) return;
  const size_t key_count = std::min(kKeyBlock, limit - first);
  score_block<ROWS>(rows, block.keys, kv.head_size, key_count, scores);
  float corrections[ROWS];
  for (size_t r = 0; r < ROWS; ++r) {
    const size_t visible = rows.limits[r] > first ? std::min(kKeyBlock, rows.limits[r] - first) : 0;
    corrections[r] = weigh_scores(softmax[r], scores + r * kKeyBlock, visible);
  }
  add_values<ROWS>(scores, block.values, kv.value_stride, key_count, corrections, sums);
}

using AttendBlock = void (*)(const AttentionRows &, const FloatBlock &, size_t, const KeyValueBlocks &, float *,
                             SoftmaxRow *, float *);
constexpr AttendBlock kAttendBlock[kAttentionRows] = {attend_block<1>, attend_block<2>, attend_block<3>,
                                                      attend_block<4>, attend_block<5>, attend_block<6>};

void attend(const AttentionRows *tiles, size_t count, const KeyValueBlocks &kv, float *scratch) {
  float *scores = scratch, *decoded = scores + kAttentionRows * kKeyBlock;
  float *sums = decoded + kKeyBlock * (kv.head_size + kv.value_stride);
  SoftmaxRow softmax[kAttentionTiles * kAttentionRows];
  size_t limit = 0;
  for (size_t t = 0; t < count; ++t) {
    for (size_t r = 0; r < tiles[t].count; ++r) limit = std::max(limit, tiles[t].limits[r]);
  }
  const size_t tile_sums = kAttentionRows * kv.value_stride;
  std::fill(sums, sums + count * tile_sums, 0.0f);
  for (size_t first = 0; first < limit; first += kKeyBlock) {
    const FloatBlock block =
        decode_block(kv.blocks[first / kKeyBlock], kv, std::min(kKeyBlock, limit - first), decoded);
    for (size_t t = 0; t < count; ++t) {
      kAttendBlock[tiles[t].count - 1](tiles[t], block, first, kv, scores, softmax + t * kAttentionRows,
                                       sums + t * tile_sums);
    }
  }
  for (size_t t = 0; t < count; ++t) {
    for (size_t r = 0; r < tiles[t].count; ++r) {
      const float factor = 1.0f / add_lanes(softmax[t * kAttentionRows + r].total);
      const float *row = sums + t * tile_sums + r * kv.value_stride;
      for (size_t i = 0; i < kv.head_size; ++i) tiles[t].outputs[r][i] = row[i] * factor;
    }
  }
}
