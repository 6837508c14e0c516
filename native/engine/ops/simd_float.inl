// Float kernels for vectors of BREVIS_LANES floats, in the compilers' portable vector types. Each kernels_<set>.cpp
// defines BREVIS_LANES and includes this inside a namespace of its own, compiled with the flags of its instruction set.
//
// Order of sums: a dot product keeps one partial sum a lane and adds the lanes pairwise at the end; tails are padded
// with zeros.

typedef float Vector __attribute__((vector_size(BREVIS_LANES * 4)));
typedef int32_t VectorInt __attribute__((vector_size(BREVIS_LANES * 4)));
constexpr size_t kLanes = BREVIS_LANES;

inline Vector load(const void *from) {
  Vector value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

inline void store(void *to, Vector value) {
  std::memcpy(to, &value, sizeof value);
}

inline Vector load_part(const void *from, size_t count) {
  Vector value = {};
  std::memcpy(&value, from, count * sizeof(float));
  return value;
}

inline void store_part(void *to, Vector value, size_t count) {
  std::memcpy(to, &value, count * sizeof(float));
}

inline Vector splat(float value) {
  return Vector{} + value;
}

// The sum of all lanes: the upper half onto the lower one, again and again. By intrinsics on the widest vectors:
// through memory, compilers keep the running sums of a loop before it in memory too.
inline float add_lanes(Vector value) {
#if BREVIS_LANES == 16
  return _mm512_reduce_add_ps((__m512)value);
#else
  float lanes[kLanes];
  store(lanes, value);
  for (size_t width = kLanes / 2; width > 0; width /= 2) {
    for (size_t i = 0; i < width; ++i) lanes[i] += lanes[i + width];
  }
  return lanes[0];
#endif
}

inline Vector select(VectorInt mask, Vector yes, Vector no) {
  return (Vector)((mask & (VectorInt)yes) | (~mask & (VectorInt)no));
}

inline Vector larger(Vector a, Vector b) {
  return select(a > b, a, b);
}

// e^x for finite x, to about 2 units in the last place; 0 below -87.3 (after Cephes' expf: 2^n times a polynomial on
// +-ln2/2).
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
    dot_tile<ROWS, kDotTokens>(weights, row_bytes, inputs + t * input_stride, input_stride, columns,
                               out + t * out_stride, out_stride);
  }
  for (; t < tokens; ++t) {
    dot_tile<ROWS, 1>(weights, row_bytes, inputs + t * input_stride, input_stride, columns, out + t * out_stride,
                      out_stride);
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
      dot_band<kDotRows>(weights + r * row_bytes, row_bytes, inputs, input_stride, tokens, columns, out + r,
                         out_stride);
    }
  }
  for (; r < rows; ++r)
    dot_band<1>(weights + r * row_bytes, row_bytes, inputs, input_stride, tokens, columns, out + r, out_stride);
}

void decode_bf16(const uint8_t *values, float *out, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    const uint32_t bits = static_cast<uint32_t>(read_u16(values + 2 * i)) << 16;
    std::memcpy(out + i, &bits, sizeof bits);
  }
}

void rms_norm(const float *input, const float *weight, float epsilon, size_t count, float *out) {
  // Two sums, for their latency.
  Vector even = {}, odd = {};
  size_t i = 0;
  for (; i + 2 * kLanes <= count; i += 2 * kLanes) {
    const Vector first = load(input + i), second = load(input + i + kLanes);
    even += first * first;
    odd += second * second;
  }
  for (; i < count; i += kLanes) {
    const Vector tail = load_part(input + i, std::min(kLanes, count - i));
    even += tail * tail;
  }
  const float factor = 1.0f / std::sqrt(add_lanes(even + odd) / static_cast<float>(count) + epsilon);
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

inline Vector silu_times(Vector gate, Vector up) {
  return gate / (1.0f + exponential(-gate)) * up;
}

void silu_multiply(float *gate, size_t gate_stride, const float *up, size_t up_stride, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; ++r, gate += gate_stride, up += up_stride) {
    size_t i = 0;
    for (; i + kLanes <= columns; i += kLanes) store(gate + i, silu_times(load(gate + i), load(up + i)));
    if (i < columns) {
      const size_t rest = columns - i;
      store_part(gate + i, silu_times(load_part(gate + i, rest), load_part(up + i, rest)), rest);
    }
  }
}

void add_scaled(float *sum, const float *term, float scale, size_t count) {
  for (size_t i = 0; i < count; ++i) sum[i] += scale * term[i];
}
