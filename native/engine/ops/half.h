// Scalar conversions from and to 16-bit floats, for tails, tables and tests.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace brevis {

inline float float_of_bf16(uint16_t bits) {
  return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16);
}

inline float float_of_f16(uint16_t bits) {
  const uint32_t sign = static_cast<uint32_t>(bits & 0x8000) << 16;
  const uint32_t exponent = (bits >> 10) & 31, fraction = bits & 1023;
  if (exponent == 31) return std::bit_cast<float>(sign | 0x7F800000u | fraction << 13);
  if (exponent != 0) return std::bit_cast<float>(sign | (exponent + 112) << 23 | fraction << 13);
  // Subnormal: fraction * 2^-24, exact in float.
  const float magnitude = static_cast<float>(fraction) * 0x1p-24f;
  return sign != 0 ? -magnitude : magnitude;
}

// The nearest half, even among equals; beyond the largest one that, NaN as NaN.
inline uint16_t f16_of_float(float value) {
  const uint32_t bits = std::bit_cast<uint32_t>(value), sign = bits >> 16 & 0x8000, magnitude = bits & 0x7FFFFFFF;
  if (magnitude > 0x7F800000) return static_cast<uint16_t>(sign | 0x7E00);
  if (magnitude >= 0x477FE000) return static_cast<uint16_t>(sign | 0x7BFF);  // 65504
  if (magnitude < 0x38800000) {                                              // below 2^-14: counts of 2^-24
    const float counts = std::bit_cast<float>(magnitude) * 0x1p24f;
    return static_cast<uint16_t>(sign | static_cast<uint32_t>((counts + 8388608.0f) - 8388608.0f));
  }
  const uint32_t even = magnitude >> 13 & 1;
  return static_cast<uint16_t>(sign | (magnitude - (112u << 23) + 0xFFF + even) >> 13);
}

// The smallest bfloat16 that is not below a positive value.
inline uint16_t bf16_not_below(float value) {
  return static_cast<uint16_t>((std::bit_cast<uint32_t>(value) + 0xFFFF) >> 16);
}

inline uint16_t read_u16(const uint8_t *bytes) {
  uint16_t value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

inline float read_f32(const uint8_t *bytes) {
  float value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

}  // namespace brevis
