// One weight matrix [rows, columns] of a model, in the form that its file has it: mapped floats, or mapped
// affine-quantized integers (MLX: weight = scale * q + bias, a scale and a bias for each row and group of columns).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "io/safetensors.h"
#include "ops/buffer.h"
#include "ops/kernels.h"

namespace brevis {

struct LinearWeights {
  enum class Kind { f32, f16, bf16, affine };

  std::string name;  // without ".weight"
  size_t rows = 0, columns = 0;
  Kind kind = Kind::f32;
  const uint8_t *data = nullptr;  // row-major, mapped or in `owned`
  size_t row_bytes = 0;
  size_t stored_bytes = 0;  // in the file, scales and biases included

  // Affine only.
  int bits = 0;
  size_t group = 0;
  ScaleType scale_type = ScaleType::f32;
  // [panels, groups, kPanelRows]: copied from the files' [rows, groups], so that a panel's scales lie together. The
  // files' pages are given back after the copy.
  Buffer<uint8_t> scales, biases;
  // Weights that were quantized while loading, already as Kernels::unpack_panel leaves them, panel after panel: `data`
  // points here, and no panel is ever unpacked.
  Buffer<uint8_t> owned;

  size_t groups() const { return columns / group; }
  bool is_unpacked() const { return owned.data() != nullptr; }
  size_t panels() const { return (rows + kPanelRows - 1) / kPanelRows; }
  // A view of panel p of an affine matrix.
  QuantizedPanel panel(size_t p) const;
  // Rows first .. first+count-1 as float32: out is [count, columns].
  void decode_rows(const Kernels &kernels, size_t first, size_t count, float *out) const;
};

struct QuantizeOptions {
  int bits = 0;  // 0: as stored
  size_t group = 0;
};

// Loads `<name>.weight` (and `.scales`, `.biases`) of [rows, columns]. Floats are quantized when the options ask for
// it.
LinearWeights load_linear(const TensorFiles &files, const std::string &name, size_t rows, size_t columns,
                          const Kernels &kernels, const QuantizeOptions &quantize);

// A small tensor, a norm or a bias, as float32; refuses values that are not finite.
Buffer<float> load_vector(const TensorFiles &files, const std::string &name, const std::vector<size_t> &shape,
                          const Kernels &kernels);

// Any float tensor as float32.
void decode_tensor(const Tensor &tensor, const Kernels &kernels, float *out);
void check_finite(const float *values, size_t count, const Tensor &tensor);

}  // namespace brevis
