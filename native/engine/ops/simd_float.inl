// Float kernels for vectors of BREVIS_LANES floats, in the compilers' portable vector types. Each kernels_<set>.cpp defines
// BREVIS_LANES and includes this inside a namespace of its own, compiled with the flags of its instruction set.
//
// Order of sums: a dot product keeps one partial sum a lane and adds the lanes pairwise at the end; tails are padded with zeros.

typedef float Vector __attribute__((vector_size(BREVIS_LANES * 4)));
typedef int32_t VectorInt __attribute__((vector_size(BREVIS_LANES * 4)));
constexpr size_t kLanes = BREVIS_LANES;

inline Vector load(const void *from) {
  Vector value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

inline void store(void *to, Vector value) { std::memcpy(to, &value, sizeof value); }

inline Vector load_part(const void *from, size_t count) {
  Vector value = {};
  std::memcpy(&value, from, count * sizeof(float));
  return value;
}

inline void store_part(void *to, Vector value, size_t count) { std::memcpy(to, &value, count * sizeof(float)); }

inline Vector splat(float value) { return Vector{} + value; }

inline float add_lanes(Vector value) {
  float lanes[kLanes];
  store(lanes, value);
  for (size_t width = kLanes / 2; width > 0; width /= 2) {
    for (size_t i = 0; i < width; ++i) lanes[i] += lanes[i + width];
  }
  return lanes[0];
}

inline Vector select(VectorInt mask, Vector yes, Vector no) {
  return (Vector)((mask & (VectorInt)yes) | (~mask & (VectorInt)no));
}

inline Vector larger(Vector a, Vector b) { return select(a > b, a, b); }

// e^x for finite x, to about 2 units in the last place; 0 below -87.3 (after Cephes' expf: 2^n times a polynomial on +-ln2/2).
inline Vector exponential(Vector x) {
  const VectorInt in_range = x > splat(-87.3f);
  x = select(x > splat(88.3f), splat(88.3f), x);
  x = select(in_range, x, splat(0));
  // Adding and taking away 1.5 * 2^23 rounds to the nearest integer.
  const Vector n = (x * 1.44269504f + 12582912.0f) - 12582912.0f;
  const Vector r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  Vector p = splat(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  const VectorInt power = (__builtin_convertvector(n, VectorInt) + 127) << 23;
  return select(in_range, p * (Vector)power, splat(0));
}

// ROWS rows by TOKENS tokens: one running sum each, in registers.
template <size_t ROWS, size_t TOKENS>
inline void dot_tile(const uint8_t *weights, size_t row_bytes, const float *inputs, size_t input_stride, size_t columns,
                     float *out, size_t out_stride) {
  Vector sums[ROWS][TOKENS] = {};
  size_t i = 0;
  for (; i + kLanes <= columns; i += kLanes) {
    Vector row[ROWS];
#pragma GCC unroll 8
    for (size_t r = 0; r < ROWS; ++r) row[r] = load(weights + r * row_bytes + 4 * i);
#pragma GCC unroll 8
    for (size_t t = 0; t < TOKENS; ++t) {
      const Vector input = load(inputs + t * input_stride + i);
#pragma GCC unroll 8
      for (size_t r = 0; r < ROWS; ++r) sums[r][t] += row[r] * input;
    }
  }
  if (i < columns) {
    for (size_t t = 0; t < TOKENS; ++t) {
      const Vector input = load_part(inputs + t * input_stride + i, columns - i);
      for (size_t r = 0; r < ROWS; ++r) sums[r][t] += load_part(weights + r * row_bytes + 4 * i, columns - i) * input;
    }
  }
  for (size_t t = 0; t < TOKENS; ++t) {
    for (size_t r = 0; r < ROWS; ++r) out[t * out_stride + r] = add_lanes(sums[r][t]);
  }
}

// AVX-512 and NEON have 32 registers, AVX2 has 16: 4 x 6 and 2 x 5 running sums leave room for the operands.
constexpr size_t kDotRows = BREVIS_LANES == 8 ? 2 : 4;
constexpr size_t kDotTokens = BREVIS_LANES == 8 ? 5 : 6;

template <size_t ROWS>
inline void dot_band(const uint8_t *weights, size_t row_bytes, const float *inputs, size_t input_stride, size_t tokens,
                     size_t columns, float *out, size_t out_stride) {
  size_t t = 0;
  for (; t + kDotTokens <= tokens; t += kDotTokens) {
    dot_tile<ROWS, kDotTokens>(weights, row_bytes, inputs + t * input_stride, input_stride, columns, out + t * out_stride, out_stride);
  }
  for (; t < tokens; ++t) {
    dot_tile<ROWS, 1>(weights, row_bytes, inputs + t * input_stride, input_stride, columns, out + t * out_stride, out_stride);
  }
}

void dot_rows(const uint8_t *weights, size_t row_bytes, size_t rows, const float *inputs, size_t input_stride,
              size_t tokens, size_t columns, float *out, size_t out_stride) {
  // One token alone: more rows at once, so that the sums' latencies overlap.
  const size_t step = tokens == 1 ? 8 : kDotRows;
  size_t r = 0;
  for (; r + step <= rows; r += step) {
    if (tokens == 1) {
      dot_tile<8, 1>(weights + r * row_bytes, row_bytes, inputs, input_stride, columns, out + r, out_stride);
    } else {
      dot_band<kDotRows>(weights + r * row_bytes, row_bytes, inputs, input_stride, tokens, columns, out + r, out_stride);
    }
  }
  for (; r < rows; ++r) dot_band<1>(weights + r * row_bytes, row_bytes, inputs, input_stride, tokens, columns, out + r, out_stride);
}

void decode_bf16(const uint8_t *values, float *out, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    const uint32_t bits = static_cast<uint32_t>(read_u16(values + 2 * i)) << 16;
    std::memcpy(out + i, &bits, sizeof bits);
  }
}

void rms_norm(const float *input, const float *weight, float epsilon, size_t count, float *out) {
  Vector squares = {};
  size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    const Vector value = load(input + i);
    squares += value * value;
  }
  const Vector tail = load_part(input + i, count - i);
  squares += tail * tail;
  const float factor = 1.0f / std::sqrt(add_lanes(squares) / static_cast<float>(count) + epsilon);
  for (i = 0; i + kLanes <= count; i += kLanes) store(out + i, load(input + i) * factor * load(weight + i));
  for (; i < count; ++i) out[i] = input[i] * factor * weight[i];
}

void rotate(float *head, const float *cosines, const float *sines, size_t half) {
  size_t i = 0;
  for (; i + kLanes <= half; i += kLanes) {
    const Vector a = load(head + i), b = load(head + i + half), c = load(cosines + i), s = load(sines + i);
    store(head + i, a * c - b * s);
    store(head + i + half, b * c + a * s);
  }
  if (i < half) {
    const size_t rest = half - i;
    const Vector a = load_part(head + i, rest), b = load_part(head + i + half, rest);
    const Vector c = load_part(cosines + i, rest), s = load_part(sines + i, rest);
    store_part(head + i, a * c - b * s, rest);
    store_part(head + i + half, b * c + a * s, rest);
  }
}

inline Vector silu_times(Vector gate, Vector up) { return gate / (1.0f + exponential(-gate)) * up; }

void silu_multiply(float *gate, const float *up, size_t count) {
  size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) store(gate + i, silu_times(load(gate + i), load(up + i)));
  if (i < count) {
    store_part(gate + i, silu_times(load_part(gate + i, count - i), load_part(up + i, count - i)), count - i);
  }
}

void add_scaled(float *sum, const float *term, float scale, size_t count) {
  for (size_t i = 0; i < count; ++i) sum[i] += scale * term[i];
}

// ---- Attention: scores of ROWS queries with a block of keys, then the weighted values, with an online softmax ----

constexpr size_t kScoreVectors = BREVIS_LANES == 16 ? 4 : 2;  // vectors of keys at a time

// scores[row][key] = queries[row] . keys[key], for keys 0..63 of a block laid out [head_size, 64].
template <size_t ROWS>
inline void score_block(const AttentionRows &rows, const float *keys, size_t head_size, size_t key_count, float *scores) {
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

// sums[row] = sums[row] * corrections[row] + weights[row] . values, for key_count keys laid out [64, value_stride].
template <size_t ROWS>
inline void add_values(const float *weights, const float *values, size_t value_stride, size_t key_count,
                       const float *corrections, float *sums) {
  constexpr size_t kWide = BREVIS_LANES == 4 ? 4 : BREVIS_LANES == 8 ? 2 : 1;  // vectors that make 16 floats
  for (size_t column = 0; column < value_stride; column += kWide * kLanes) {
    Vector total[ROWS][kWide];
#pragma GCC unroll 8
    for (size_t r = 0; r < ROWS; ++r) {
#pragma GCC unroll 4
      for (size_t v = 0; v < kWide; ++v) total[r][v] = load(sums + r * value_stride + column + v * kLanes) * corrections[r];
    }
    for (size_t key = 0; key < key_count; ++key) {
      Vector value[kWide];
#pragma GCC unroll 4
      for (size_t v = 0; v < kWide; ++v) value[v] = load(values + key * value_stride + column + v * kLanes);
#pragma GCC unroll 8
      for (size_t r = 0; r < ROWS; ++r) {
        const Vector weight = splat(weights[r * kKeyBlock + key]);
#pragma GCC unroll 4
        for (size_t v = 0; v < kWide; ++v) total[r][v] += weight * value[v];
      }
    }
#pragma GCC unroll 8
    for (size_t r = 0; r < ROWS; ++r) {
#pragma GCC unroll 4
      for (size_t v = 0; v < kWide; ++v) store(sums + r * value_stride + column + v * kLanes, total[r][v]);
    }
  }
}

template <size_t ROWS>
void attend_rows(const AttentionRows &rows, const KeyValueBlocks &kv, float *scratch) {
  float *scores = scratch, *sums = scratch + ROWS * kKeyBlock;
  SoftmaxRow softmax[ROWS];
  size_t limit = 0;
  for (size_t r = 0; r < ROWS; ++r) limit = std::max(limit, rows.limits[r]);
  std::fill(sums, sums + ROWS * kv.value_stride, 0.0f);
  for (size_t first = 0; first < limit; first += kKeyBlock) {
    const float *block = kv.blocks[first / kKeyBlock];
    const size_t key_count = std::min(kKeyBlock, limit - first);
    score_block<ROWS>(rows, block + kv.key_offset, kv.head_size, key_count, scores);
    float corrections[ROWS];
    for (size_t r = 0; r < ROWS; ++r) {
      const size_t visible = rows.limits[r] > first ? std::min(kKeyBlock, rows.limits[r] - first) : 0;
      corrections[r] = weigh_scores(softmax[r], scores + r * kKeyBlock, visible);
    }
    add_values<ROWS>(scores, block + kv.value_offset, kv.value_stride, key_count, corrections, sums);
  }
  for (size_t r = 0; r < ROWS; ++r) {
    const float factor = 1.0f / add_lanes(softmax[r].total);
    for (size_t i = 0; i < kv.head_size; ++i) rows.outputs[r][i] = sums[r * kv.value_stride + i] * factor;
  }
}

void attend(const AttentionRows &rows, const KeyValueBlocks &kv, float *scratch) {
  switch (rows.count) {
    case 1: return attend_rows<1>(rows, kv, scratch);
    case 2: return attend_rows<2>(rows, kv, scratch);
    case 3: return attend_rows<3>(rows, kv, scratch);
    case 4: return attend_rows<4>(rows, kv, scratch);
    case 5: return attend_rows<5>(rows, kv, scratch);
    default: return attend_rows<6>(rows, kv, scratch);
  }
}
