#include "model/linear_weights.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "error.h"
#include "model/quantize_weights.h"
#include "ops/half.h"

namespace brevis {
namespace {

size_t size_of(ScaleType type) {
  return type == ScaleType::f32 ? 4 : 2;
}

float read_scale(ScaleType type, const uint8_t *at) {
  if (type == ScaleType::f32) return read_f32(at);
  return type == ScaleType::f16 ? float_of_f16(read_u16(at)) : float_of_bf16(read_u16(at));
}

// [rows, groups] of the file to [panels, groups, kPanelRows], absent rows zero; every value is checked on the way.
void load_scales(const Tensor &tensor, const LinearWeights &weights, Buffer<uint8_t> &out) {
  const size_t size = size_of(weights.scale_type), groups = weights.groups();
  uint8_t *to = out.reserve(weights.panels() * groups * kPanelRows * size);
  std::memset(to, 0, weights.panels() * groups * kPanelRows * size);
  for (size_t row = 0; row < weights.rows; ++row) {
    const uint8_t *from = tensor.data + row * groups * size;
    uint8_t *panel = to + row / kPanelRows * groups * kPanelRows * size + row % kPanelRows * size;
    for (size_t g = 0; g < groups; ++g) {
      if (!std::isfinite(read_scale(weights.scale_type, from + g * size))) {
        fail_invalid(tensor.describe() + ": expected finite values, but [" + std::to_string(row) + ", " +
                     std::to_string(g) + "] is not");
      }
      std::memcpy(panel + g * kPanelRows * size, from + g * size, size);
    }
  }
  tensor.file->release_pages(tensor.data, tensor.byte_count);
}

// Bits and group size follow from the shapes, so layers may differ (mixed-precision checkpoints).
void read_affine_shape(const Tensor &weight, const Tensor &scales, LinearWeights &weights) {
  const bool matrices = weight.shape.size() == 2 && scales.shape.size() == 2;
  if (!matrices || weight.shape[0] != weights.rows || weight.shape[1] == 0 || scales.shape[0] != weights.rows) {
    fail_invalid(weight.describe() + ": expected packed rows for a matrix " +
                 describe_shape({weights.rows, weights.columns}) + " with scales, got scales " +
                 describe_shape(scales.shape));
  }
  const size_t bits = weight.shape[1] * 32 / weights.columns;
  if (bits * weights.columns != weight.shape[1] * 32) {
    fail_invalid(weight.describe() + ": rows of " + std::to_string(weight.shape[1]) + " words cannot hold " +
                 std::to_string(weights.columns) + " columns");
  }
  if (bits != 4 && bits != 8) {
    fail_unsupported(weight.describe() + ": " + std::to_string(bits) + "-bit weights are not supported, only 4 and 8");
  }
  const size_t groups = scales.shape[1];
  if (groups == 0 || weights.columns % groups != 0 || weights.columns / groups % 8 != 0) {
    fail_invalid(scales.describe() + ": " + std::to_string(groups) + " groups do not divide " +
                 std::to_string(weights.columns) + " columns into multiples of 8");
  }
  weights.bits = static_cast<int>(bits);
  weights.group = weights.columns / groups;
}

void load_affine(const TensorFiles &files, const Tensor &weight, LinearWeights &weights) {
  const Tensor *scales = files.find(weights.name + ".scales"), *biases = files.find(weights.name + ".biases");
  if (scales == nullptr || biases == nullptr) {
    fail_invalid(weight.describe() + ": expected tensors " + weights.name + ".scales and .biases beside it");
  }
  read_affine_shape(weight, *scales, weights);
  if (biases->shape != scales->shape || biases->type != scales->type) {
    fail_invalid(biases->describe() + ": expected the type and shape of " + scales->describe());
  }
  switch (scales->type) {
    case DataType::f32:
      weights.scale_type = ScaleType::f32;
      break;
    case DataType::f16:
      weights.scale_type = ScaleType::f16;
      break;
    case DataType::bf16:
      weights.scale_type = ScaleType::bf16;
      break;
    default:
      fail_invalid(scales->describe() + ": expected F32, F16 or BF16");
  }
  weights.kind = LinearWeights::Kind::affine;
  weights.data = weight.data;
  weights.row_bytes = weight.shape[1] * 4;
  weights.stored_bytes = weight.byte_count + scales->byte_count + biases->byte_count;
  load_scales(*scales, weights, weights.scales);
  load_scales(*biases, weights, weights.biases);
}

void decode_affine_row(const LinearWeights &weights, size_t row, float *out) {
  const size_t size = size_of(weights.scale_type), groups = weights.groups();
  const size_t first = row / kPanelRows * groups * kPanelRows + row % kPanelRows;
  const uint8_t *packed = weights.data + row * weights.row_bytes;
  for (size_t g = 0; g < groups; ++g) {
    const size_t at = (first + g * kPanelRows) * size;
    const float scale = read_scale(weights.scale_type, weights.scales.data() + at);
    const float bias = read_scale(weights.scale_type, weights.biases.data() + at);
    float *to = out + g * weights.group;
    if (weights.is_unpacked()) {
      const uint8_t *panel = weights.data + row / kPanelRows * kPanelRows * weights.columns + row % kPanelRows * 4;
      for (size_t i = 0; i < weights.group; ++i) {
        const size_t column = g * weights.group + i;
        to[i] = scale * static_cast<float>(panel[column / 4 * 4 * kPanelRows + column % 4]) + bias;
      }
    } else if (weights.bits == 8) {
      const uint8_t *from = packed + g * weights.group;
      for (size_t i = 0; i < weights.group; ++i) to[i] = scale * static_cast<float>(from[i]) + bias;
    } else {
      const uint8_t *from = packed + g * weights.group / 2;
      for (size_t i = 0; i < weights.group; i += 2) {
        to[i] = scale * static_cast<float>(from[i / 2] & 15) + bias;
        to[i + 1] = scale * static_cast<float>(from[i / 2] >> 4) + bias;
      }
    }
  }
}

}  // namespace

QuantizedPanel LinearWeights::panel(size_t p) const {
  const size_t offset = p * groups() * kPanelRows * size_of(scale_type);
  return {data + p * kPanelRows * row_bytes,
          row_bytes,
          std::min(kPanelRows, rows - p * kPanelRows),
          bits,
          scale_type,
          scales.data() + offset,
          biases.data() + offset};
}

void LinearWeights::decode_rows(const Kernels &kernels, size_t first, size_t count, float *out) const {
  for (size_t row = first; row < first + count; ++row, out += columns) {
    const uint8_t *from = data + row * row_bytes;
    switch (kind) {
      case Kind::f32:
        std::memcpy(out, from, row_bytes);
        break;
      case Kind::f16:
        kernels.decode_f16(from, out, columns);
        break;
      case Kind::bf16:
        kernels.decode_bf16(from, out, columns);
        break;
      case Kind::affine:
        decode_affine_row(*this, row, out);
        break;
    }
  }
}

LinearWeights load_linear(const TensorFiles &files, const std::string &name, size_t rows, size_t columns,
                          const Kernels &kernels, const QuantizeOptions &quantize) {
  LinearWeights weights;
  weights.name = name;
  weights.rows = rows;
  weights.columns = columns;
  const Tensor *weight = files.find(name + ".weight");
  if (weight != nullptr && weight->type == DataType::u32) {
    load_affine(files, *weight, weights);
    return weights;
  }
  const Tensor &floats = files.require(name + ".weight", {rows, columns});
  switch (floats.type) {
    case DataType::f32:
      weights.kind = LinearWeights::Kind::f32;
      break;
    case DataType::f16:
      weights.kind = LinearWeights::Kind::f16;
      break;
    case DataType::bf16:
      weights.kind = LinearWeights::Kind::bf16;
      break;
    default:
      fail_invalid(floats.describe() + ": expected F32, F16, BF16 or packed U32");
  }
  weights.data = floats.data;
  weights.row_bytes = floats.byte_count / rows;
  weights.stored_bytes = floats.byte_count;
  if (quantize.bits != 0) return quantize_weights(weights, floats, kernels, quantize);
  return weights;
}

void decode_tensor(const Tensor &tensor, const Kernels &kernels, float *out) {
  switch (tensor.type) {
    case DataType::f32:
      std::memcpy(out, tensor.data, tensor.byte_count);
      break;
    case DataType::f16:
      kernels.decode_f16(tensor.data, out, tensor.element_count());
      break;
    case DataType::bf16:
      kernels.decode_bf16(tensor.data, out, tensor.element_count());
      break;
    default:
      fail_invalid(tensor.describe() + ": expected F32, F16 or BF16");
  }
}

void check_finite(const float *values, size_t count, const Tensor &tensor) {
  for (size_t i = 0; i < count; ++i) {
    if (!std::isfinite(values[i])) {
      fail_invalid(tensor.describe() + ": expected finite values, but element " + std::to_string(i) + " is not");
    }
  }
}

Buffer<float> load_vector(const TensorFiles &files, const std::string &name, const std::vector<size_t> &shape,
                          const Kernels &kernels) {
  const Tensor &tensor = files.require(name, shape);
  Buffer<float> out;
  decode_tensor(tensor, kernels, out.reserve(tensor.element_count()));
  check_finite(out.data(), tensor.element_count(), tensor);
  return out;
}

}  // namespace brevis
