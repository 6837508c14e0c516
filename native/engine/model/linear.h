// Products of tokens with weight matrices, and the LoRA pairs beside them.
#pragma once

#include <initializer_list>
#include <vector>

#include "model/adapter.h"
#include "model/linear_weights.h"
#include "model/workspace.h"

namespace brevis {

// A LoRA pair in use: `scale` is the caller's times the adapter's own.
struct ActiveLora {
  const LoraPair *pair;
  float scale;
};

struct LinearLayer {
  LinearWeights weights;
  size_t index = 0;  // its place in ActiveAdapters
};

// The LoRA pairs of each linear layer in use by a call, by LinearLayer::index; empty when there are none.
struct ActiveAdapters {
  std::vector<std::shared_ptr<const Adapter>> owners;
  std::vector<std::vector<ActiveLora>> layers;
};

struct LinearJob {
  LinearJob(const LinearLayer *layer, float *to) : weights(&layer->weights), index(layer->index), out(to) {}
  LinearJob(const LinearWeights *matrix, size_t place, float *to) : weights(matrix), index(place), out(to) {}
  const LinearWeights *weights;
  size_t index;
  float *out;  // [tokens, weights->rows]
};

// out = weights . input for each job; all jobs share the input [tokens, columns]. One parallel region for all of them.
void multiply(Workspace &workspace, const float *input, size_t tokens, std::initializer_list<LinearJob> jobs,
              const ActiveAdapters &adapters);

// Bytes of scratch memory that each thread needs for matrices of so many columns.
size_t linear_scratch_bytes(size_t columns);

}  // namespace brevis
