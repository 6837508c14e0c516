// Blocks of the KV cache as floats, and groups of floats as the int8 cache holds them. The including file has
// decode_f16, and BREVIS_LANES if it is not the plain one.

struct FloatBlock {
  const float *keys;    // [head_size, kKeyBlock]
  const float *values;  // [kKeyBlock, value_stride]
};

inline void read_cache_scales(const uint8_t *from, size_t count, float *out) {
  for (size_t i = 0; i < count; ++i) out[i] = float_of_bf16(read_u16(from + 2 * i));
}

// out[i] = scales[i] * values[i]
inline void scale_cached_keys(const int8_t *values, const float *scales, float *out) {
  for (size_t key = 0; key < kKeyBlock; ++key) out[key] = scales[key] * static_cast<float>(values[key]);
}

inline void decode_int8_keys(const uint8_t *block, const KeyValueBlocks &kv, float *out) {
  const int8_t *values = reinterpret_cast<const int8_t *>(block + kv.keys);
  float scales[kKeyBlock];
  for (size_t i = 0; i < kv.head_size; ++i) {
    if (i % kCacheGroup == 0) {
      read_cache_scales(block + kv.key_scales + 2 * i / kCacheGroup * kKeyBlock, kKeyBlock, scales);
    }
    scale_cached_keys(values + i * kKeyBlock, scales, out + i * kKeyBlock);
  }
}

inline void decode_int8_values(const uint8_t *block, const KeyValueBlocks &kv, size_t count, float *out) {
  const size_t groups = cache_groups(kv.head_size);
  for (size_t key = 0; key < count; ++key) {
    const int8_t *values = reinterpret_cast<const int8_t *>(block + kv.values) + key * kv.value_stride;
    float *row = out + key * kv.value_stride;
    for (size_t g = 0; g < groups; ++g) {
      const float scale = float_of_bf16(read_u16(block + kv.value_scales + 2 * (g * kKeyBlock + key)));
      const size_t first = g * kCacheGroup, columns = std::min(kCacheGroup, kv.value_stride - first);
      if (columns == kCacheGroup) {
        for (size_t i = 0; i < kCacheGroup; ++i) row[first + i] = scale * static_cast<float>(values[first + i]);
      } else {
        for (size_t i = 0; i < columns; ++i) row[first + i] = scale * static_cast<float>(values[first + i]);
      }
    }
  }
}

// The block's first `count` keys and values: where they lie, or decoded to `scratch`, kKeyBlock * (head_size +
// value_stride) floats.
inline FloatBlock decode_block(const uint8_t *block, const KeyValueBlocks &kv, size_t count, float *scratch) {
  if (kv.type == CacheType::f32) {
    return {reinterpret_cast<const float *>(block + kv.keys), reinterpret_cast<const float *>(block + kv.values)};
  }
  float *values = scratch + kKeyBlock * kv.head_size;
  if (kv.type == CacheType::f16) {
    decode_f16(block + kv.keys, scratch, kKeyBlock * kv.head_size);
    decode_f16(block + kv.values, values, count * kv.value_stride);
  } else {
    decode_int8_keys(block, kv, scratch);
    decode_int8_values(block, kv, count, values);
  }
  return {scratch, values};
}

#if defined(BREVIS_LANES) && BREVIS_LANES == 16
// Up to kCacheGroup floats to int8; gives their scale as bfloat16, rounded up, so that no value exceeds 127. Where one
// is not finite the scale is no number.
uint16_t quantize_cached(const float *values, size_t count, int8_t *out) {
  const __mmask32 present = count >= 32 ? ~__mmask32{0} : (__mmask32{1} << count) - 1;
  const __m512 low = _mm512_maskz_loadu_ps(static_cast<__mmask16>(present), values);
  const __m512 high = _mm512_maskz_loadu_ps(static_cast<__mmask16>(present >> 16), values + 16);
  // Magnitudes compare as integers, and what is not finite is larger than what is.
  const __m512i magnitudes =
      _mm512_max_epi32(_mm512_castps_si512(_mm512_abs_ps(low)), _mm512_castps_si512(_mm512_abs_ps(high)));
  const float largest = std::bit_cast<float>(_mm512_reduce_max_epi32(magnitudes));
  const bool finite = largest < INFINITY;
  const uint16_t bits = finite ? bf16_not_below(largest / 127.0f) : uint16_t{0x7FC0};
  const float scale = float_of_bf16(bits);
  const __m512 inverse = _mm512_set1_ps(finite && scale > 0 ? 1.0f / scale : 0.0f);
  const __m128i low_bytes = _mm512_cvtepi32_epi8(_mm512_cvtps_epi32(_mm512_mul_ps(low, inverse)));
  const __m128i high_bytes = _mm512_cvtepi32_epi8(_mm512_cvtps_epi32(_mm512_mul_ps(high, inverse)));
  _mm256_mask_storeu_epi8(out, present, _mm256_inserti128_si256(_mm256_castsi128_si256(low_bytes), high_bytes, 1));
  return bits;
}
#else
// Up to kCacheGroup floats to int8; gives their scale as bfloat16, rounded up, so that no value exceeds 127. Where one
// is not finite the scale is no number.
uint16_t quantize_cached(const float *values, size_t count, int8_t *out) {
  float padded[kCacheGroup] = {}, largest = 0, not_finite = 0;
  std::memcpy(padded, values, count * sizeof(float));
  for (size_t i = 0; i < kCacheGroup; ++i) {
    largest = std::max(largest, std::fabs(padded[i]));
    not_finite += padded[i] - padded[i];
  }
  const uint16_t bits = not_finite == 0 ? bf16_not_below(largest / 127.0f) : uint16_t{0x7FC0};
  const float scale = float_of_bf16(bits), inverse = not_finite == 0 && scale > 0 ? 1.0f / scale : 0.0f;
  int8_t bytes[kCacheGroup];
  for (size_t i = 0; i < kCacheGroup; ++i) {
    // Adding and taking away 1.5 * 2^23 rounds to the nearest even integer.
    const float rounded = not_finite == 0 ? (padded[i] * inverse + 12582912.0f) - 12582912.0f : 0.0f;
    bytes[i] = static_cast<int8_t>(rounded);
  }
  std::memcpy(out, bytes, count);
  return bits;
}
#endif
