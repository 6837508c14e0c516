// The reference: what every other table must agree with, written to be read.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "ops/half.h"
#include "ops/kernels.h"

namespace brevis {
namespace {

void decode_f16(const uint8_t *values, float *out, size_t count) {
  for (size_t i = 0; i < count; ++i) out[i] = float_of_f16(read_u16(values + 2 * i));
}

void decode_bf16(const uint8_t *values, float *out, size_t count) {
  for (size_t i = 0; i < count; ++i) out[i] = float_of_bf16(read_u16(values + 2 * i));
}

void dot_rows(const uint8_t *weights, size_t row_bytes, size_t rows, const float *inputs, size_t input_stride,
              size_t tokens, size_t columns, float *out, size_t out_stride) {
  for (size_t token = 0; token < tokens; ++token) {
    for (size_t row = 0; row < rows; ++row) {
      float sum = 0;
      for (size_t i = 0; i < columns; ++i) {
        sum += read_f32(weights + row * row_bytes + 4 * i) * inputs[token * input_stride + i];
      }
      out[token * out_stride + row] = sum;
    }
  }
}

void rms_norm(const float *input, const float *weight, float epsilon, size_t count, float *out) {
  float squares = 0;
  for (size_t i = 0; i < count; ++i) squares += input[i] * input[i];
  const float factor = 1.0f / std::sqrt(squares / static_cast<float>(count) + epsilon);
  for (size_t i = 0; i < count; ++i) out[i] = input[i] * factor * weight[i];
}

void rotate(float *head, const float *cosines, const float *sines, size_t half) {
  for (size_t i = 0; i < half; ++i) {
    const float a = head[i], b = head[i + half];
    head[i] = a * cosines[i] - b * sines[i];
    head[i + half] = b * cosines[i] + a * sines[i];
  }
}

void silu_multiply(float *gate, size_t gate_stride, const float *up, size_t up_stride, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; ++r, gate += gate_stride, up += up_stride) {
    for (size_t i = 0; i < columns; ++i) gate[i] = gate[i] / (1.0f + std::exp(-gate[i])) * up[i];
  }
}

void add_scaled(float *sum, const float *term, float scale, size_t count) {
  for (size_t i = 0; i < count; ++i) sum[i] += scale * term[i];
}

// Tiles of one token: [columns / 4][1][4] is a plain row.
void quantize_tile(const float *input, size_t, size_t columns, size_t group, bool interleave, int8_t *values,
                   float *scales, float *scaled_sums) {
  for (size_t g = 0; g < columns / group; ++g, input += group, values += group) {
    float largest = 0, not_finite = 0;
    for (size_t i = 0; i < group; ++i) {
      largest = std::max(largest, std::fabs(input[i]));
      not_finite += input[i] - input[i];  // 0, or NaN for infinities and NaN
    }
    const float inverse = largest > 0 && not_finite == 0 ? 127.0f / largest : 0.0f;
    int32_t sum = 0;
    for (size_t i = 0; i < group; ++i) {
      const int32_t value = static_cast<int32_t>(std::nearbyint(input[i] * inverse));
      // Evens of each run of 8 to its first half, odds to its second.
      const size_t place = interleave ? i / 8 * 8 + (i % 2) * 4 + i % 8 / 2 : i;
      if (not_finite == 0) values[place] = static_cast<int8_t>(value);
      sum += not_finite == 0 ? value : 0;
    }
    scales[g] = largest / 127.0f + not_finite;
    scaled_sums[g] = scales[g] * static_cast<float>(sum);
  }
}

float read_scale(ScaleType type, const uint8_t *values, size_t index) {
  if (type == ScaleType::f32) return read_f32(values + 4 * index);
  const uint16_t bits = read_u16(values + 2 * index);
  return type == ScaleType::f16 ? float_of_f16(bits) : float_of_bf16(bits);
}

// Four consecutive weights of each row; of 4 bits the four even ones of a run of 8, then the odd ones.
void unpack_panel(const QuantizedPanel &panel, size_t columns, uint8_t *unpacked) {
  for (size_t place = 0; place < columns; ++place) {
    for (size_t row = 0; row < kPanelRows; ++row) {
      uint8_t &to = unpacked[(place / 4 * kPanelRows + row) * 4 + place % 4];
      const uint8_t *from = panel.weights + row * panel.row_bytes;
      if (row >= panel.rows) {
        to = 0;
      } else if (panel.bits == 8) {
        to = from[place];
      } else {
        const uint8_t pair = from[place / 8 * 4 + place % 4];
        to = place % 8 < 4 ? pair & 15 : pair >> 4;
      }
    }
  }
}

void multiply_unpacked(const QuantizedPanel &panel, const uint8_t *unpacked, const QuantizedTokens &tokens, float *out,
                       size_t out_stride) {
  const size_t groups = tokens.columns / tokens.group;
  for (size_t token = 0; token < tokens.tokens; ++token) {
    for (size_t row = 0; row < panel.rows; ++row) {
      float sum = 0;
      for (size_t g = 0; g < groups; ++g) {
        int32_t products = 0;
        for (size_t i = g * tokens.group; i < (g + 1) * tokens.group; ++i) {
          products +=
              int32_t{unpacked[(i / 4 * kPanelRows + row) * 4 + i % 4]} * tokens.values[token * tokens.columns + i];
        }
        const size_t at = g * kPanelRows + row;
        sum += read_scale(panel.scale_type, panel.scales, at) *
               (tokens.scales[token * groups + g] * static_cast<float>(products));
        sum += read_scale(panel.scale_type, panel.biases, at) * tokens.scaled_sums[token * groups + g];
      }
      out[token * out_stride + row] = sum;
    }
  }
}

void encode_f16(const float *values, uint8_t *out, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    const uint16_t half = f16_of_float(values[i]);
    std::memcpy(out + 2 * i, &half, 2);
  }
}

#include "ops/cached_block.inl"

struct RowSoftmax {
  float largest = -std::numeric_limits<float>::infinity(), total = 0;
};

// One row and one block: the running maximum rescales what was summed before (online softmax).
void attend_row(const float *query, size_t count, const FloatBlock &block, const KeyValueBlocks &kv, RowSoftmax &row,
                float *sums) {
  for (size_t key = 0; key < count; ++key) {
    const float *values = block.values + key * kv.value_stride;
    float score = 0;
    for (size_t i = 0; i < kv.head_size; ++i) score += query[i] * block.keys[i * kKeyBlock + key];
    const float next_largest = std::max(row.largest, score);
    const float correction = std::exp(row.largest - next_largest), weight = std::exp(score - next_largest);
    row.total = row.total * correction + weight;
    for (size_t i = 0; i < kv.head_size; ++i) sums[i] = sums[i] * correction + weight * values[i];
    row.largest = next_largest;
  }
}

void attend(const AttentionRows *tiles, size_t count, const KeyValueBlocks &kv, float *scratch) {
  RowSoftmax softmax[kAttentionTiles][kAttentionRows];
  float *sums = scratch + kKeyBlock * (kv.head_size + kv.value_stride);
  const auto sums_of = [&](size_t t, size_t r) { return sums + (t * kAttentionRows + r) * kv.value_stride; };
  size_t limit = 0;
  for (size_t t = 0; t < count; ++t) {
    for (size_t r = 0; r < tiles[t].count; ++r) {
      limit = std::max(limit, tiles[t].limits[r]);
      std::fill(sums_of(t, r), sums_of(t, r) + kv.head_size, 0.0f);
    }
  }
  for (size_t first = 0; first < limit; first += kKeyBlock) {
    const FloatBlock block =
        decode_block(kv.blocks[first / kKeyBlock], kv, std::min(kKeyBlock, limit - first), scratch);
    for (size_t t = 0; t < count; ++t) {
      const AttentionRows &rows = tiles[t];
      for (size_t r = 0; r < rows.count; ++r) {
        const size_t seen = rows.limits[r] > first ? std::min(kKeyBlock, rows.limits[r] - first) : 0;
        attend_row(rows.queries[r], seen, block, kv, softmax[t][r], sums_of(t, r));
      }
    }
  }
  for (size_t t = 0; t < count; ++t) {
    for (size_t r = 0; r < tiles[t].count; ++r) {
      for (size_t i = 0; i < kv.head_size; ++i) tiles[t].outputs[r][i] = sums_of(t, r)[i] / softmax[t][r].total;
    }
  }
}

}  // namespace

const Kernels *plain_kernels() {
  static const Kernels table = {"plain",         decode_f16,        decode_bf16, dot_rows, rms_norm,
                                rotate,          silu_multiply,     add_scaled,  1,        quantize_tile,
                                unpack_panel,    multiply_unpacked, nullptr,     attend,   encode_f16,
                                quantize_cached, nullptr,           nullptr,     nullptr};
  return &table;
}

}  // namespace brevis
