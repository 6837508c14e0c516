// Activations to int8 and panels of quantized weights to bytes, for the tables without instructions of their own for
// that.

// One group of one of `tokens` tokens: every fourth value starts a new dword, `tokens` dwords further on.
inline void quantize_group(const float *input, size_t group, size_t tokens, bool interleave, int8_t *values,
                           float *scale, float *scaled_sum) {
  Vector largest = {}, not_finite = {};
  for (size_t i = 0; i < group; i += kLanes) {
    const Vector value = load_part(input + i, std::min(kLanes, group - i));
    largest = larger(larger(value, -value), largest);
    not_finite += value - value;
  }
  float maximum = 0;
  for (size_t i = 0; i < kLanes; ++i) maximum = std::max(maximum, largest[i]);
  const float error = add_lanes(not_finite);
  const float inverse = maximum > 0 && error == 0 ? 127.0f / maximum : 0.0f;
  int32_t sum = 0;
  for (size_t i = 0; i < group; ++i) {
    // Adding and taking away 1.5 * 2^23 rounds to the nearest even integer.
    const float rounded = error == 0 ? (input[i] * inverse + 12582912.0f) - 12582912.0f : 0.0f;
    const size_t place = interleave ? i / 8 * 8 + (i % 2) * 4 + i % 8 / 2 : i;
    values[place / 4 * 4 * tokens + place % 4] = static_cast<int8_t>(rounded);
    sum += static_cast<int32_t>(rounded);
  }
  *scale = maximum / 127.0f + error;
  *scaled_sum = *scale * static_cast<float>(sum);
}

void quantize_tile(const float *input, size_t tokens, size_t columns, size_t group, bool interleave, int8_t *values,
                   float *scales, float *scaled_sums) {
  for (size_t t = 0; t < tokens; ++t) {
    for (size_t g = 0; g < columns / group; ++g) {
      quantize_group(input + t * columns + g * group, group, tokens, interleave, values + g * group * tokens + 4 * t,
                     scales + g * tokens + t, scaled_sums + g * tokens + t);
    }
  }
}

// unpacked[step][row][4]: four consecutive (for 4 bits: every other) weights of each of 16 rows, as bytes.
void unpack_panel(const QuantizedPanel &panel, size_t columns, uint8_t *unpacked) {
  const size_t dword_count = columns * static_cast<size_t>(panel.bits) / 32;
  if (panel.rows < kPanelRows) std::memset(unpacked, 0, columns * kPanelRows);
  for (size_t r = 0; r < panel.rows; ++r) {
    const uint8_t *row = panel.weights + r * panel.row_bytes;
    uint8_t *to = unpacked + 4 * r;
    for (size_t d = 0; d < dword_count; ++d) {
      uint32_t dword;
      std::memcpy(&dword, row + 4 * d, sizeof dword);
      if (panel.bits == 8) {
        std::memcpy(to + 64 * d, &dword, sizeof dword);
      } else {
        const uint32_t low = dword & 0x0F0F0F0Fu, high = dword >> 4 & 0x0F0F0F0Fu;
        std::memcpy(to + 128 * d, &low, sizeof low);
        std::memcpy(to + 128 * d + 64, &high, sizeof high);
      }
    }
  }
}

inline void read_scales(ScaleType type, const uint8_t *from, size_t group, float *out) {
  if (type == ScaleType::f32) {
    std::memcpy(out, from + 4 * kPanelRows * group, sizeof(float) * kPanelRows);
  } else if (type == ScaleType::f16) {
    decode_f16(from + 2 * kPanelRows * group, out, kPanelRows);
  } else {
    decode_bf16(from + 2 * kPanelRows * group, out, kPanelRows);
  }
}
