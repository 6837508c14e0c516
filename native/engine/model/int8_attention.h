// Bidirectional attention with int8 keys, values and queries, where the kernels have it (see Kernels::attend_int8).
#pragma once

#include "model/qwen3_forward.h"

namespace brevis {

// Keep models with int8 activations and heads that fit the kernels.
bool uses_int8_attention(const Workspace &workspace, const ModelConfig &config);

// workspace.queries, .keys and .values (normed, rotated, queries scaled) to results in the queries' places.
void attend_with_int8(Workspace &workspace, const ModelConfig &config, const ForwardInput &input);

}  // namespace brevis
