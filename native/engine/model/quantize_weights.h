// Float weights to affine 8-bit while a model loads, with MLX's meaning of scale and bias.
#pragma once

#include "model/linear_weights.h"

namespace brevis {

// `weights` describes the float matrix that `source` holds; the result owns its integers and scales.
LinearWeights quantize_weights(const LinearWeights &weights, const Tensor &source, const Kernels &kernels,
                               const QuantizeOptions &options);

}  // namespace brevis
