#include "model/quantize_weights.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "error.h"

namespace brevis {
namespace {

// The asked group size, or 256 or the largest smaller power of two that divides the row; 0 if none of at least 8 does.
// Wide groups, since each costs the products of a token and row a turn to floats; 8 bits have room for a wider range.
size_t choose_group(size_t columns, size_t asked) {
  if (asked != 0) return columns % asked == 0 && asked % 8 == 0 ? asked : 0;
  for (size_t group = 256; group >= 8; group /= 2) {
    if (columns % group == 0) return group;
  }
  return 0;
}

// q = round((weight - bias) / scale) in 0..255, bias = the group's least weight. Columns from `first` on of a row of an
// unpacked panel.
void quantize_group(const float *values, size_t first, size_t group, uint8_t *row, float &scale, float &bias) {
  const auto [least, most] = std::minmax_element(values, values + group);
  bias = *least;
  scale = (*most - *least) / 255.0f;
  const float inverse = scale > 0 ? 1.0f / scale : 0.0f;
  for (size_t i = 0; i < group; ++i) {
    const float level = std::clamp(std::nearbyint((values[i] - bias) * inverse), 0.0f, 255.0f);
    row[(first + i) / 4 * 4 * kPanelRows + (first + i) % 4] = static_cast<uint8_t>(level);
  }
}

}  // namespace

LinearWeights quantize_weights(const LinearWeights &weights, const Tensor &source, const Kernels &kernels,
                               const QuantizeOptions &options) {
  const size_t group = choose_group(weights.columns, options.group);
  if (group == 0) {
    fail_unsupported(source.describe() + ": rows of " + std::to_string(weights.columns) +
                     " do not divide into quantization groups" +
                     (options.group != 0 ? " of " + std::to_string(options.group) : std::string(" of 8 or more")));
  }
  LinearWeights out;
  out.name = weights.name;
  out.rows = weights.rows;
  out.columns = weights.columns;
  out.stored_bytes = weights.stored_bytes;
  out.kind = LinearWeights::Kind::affine;
  out.bits = options.bits;
  out.group = group;
  out.row_bytes = weights.columns;
  const size_t byte_count = out.panels() * kPanelRows * weights.columns;
  uint8_t *unpacked = out.owned.reserve(byte_count);
  std::fill(unpacked, unpacked + byte_count, uint8_t{0});
  out.data = unpacked;
  const size_t groups = out.groups(), scale_count = out.panels() * groups * kPanelRows;
  float *scales = reinterpret_cast<float *>(out.scales.reserve(scale_count * sizeof(float)));
  float *biases = reinterpret_cast<float *>(out.biases.reserve(scale_count * sizeof(float)));
  std::fill(scales, scales + scale_count, 0.0f);
  std::fill(biases, biases + scale_count, 0.0f);
  std::vector<float> row(weights.columns);
  for (size_t r = 0; r < weights.rows; ++r) {
    weights.decode_rows(kernels, r, 1, row.data());
    check_finite(row.data(), row.size(), source);
    uint8_t *to = unpacked + r / kPanelRows * kPanelRows * weights.columns + r % kPanelRows * 4;
    for (size_t g = 0; g < groups; ++g) {
      const size_t at = (r / kPanelRows * groups + g) * kPanelRows + r % kPanelRows;
      quantize_group(row.data() + g * group, g * group, group, to, scales[at], biases[at]);
    }
  }
  source.file->release_pages(source.data, source.byte_count);
  return out;
}

}  // namespace brevis
