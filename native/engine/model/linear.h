// Products of tokens with weight matrices, and the LoRA pairs beside them.
#pragma once

#include <functional>
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

// Makes rows first .. last-1 of a product's input, just before they are read; any thread may be asked for any rows.
using RowStep = std::function<void(size_t first, size_t last)>;

// out = weights . input for each job; all jobs share the input [tokens, columns], whose rows `step` makes, if it is not
// empty. One parallel region for the rows, and one for all jobs.
void multiply(Workspace &workspace, const float *input, size_t tokens, std::initializer_list<LinearJob> jobs,
              const ActiveAdapters &adapters, const RowStep &step = {});

// out = silu(gate . input) * (up . input) in one region, for layers that can_multiply_gated: both with int8 inputs and
// without adapters. The same bits as one after the other.
bool can_multiply_gated(const Workspace &workspace, const LinearLayer &gate, const LinearLayer &up,
                        const ActiveAdapters &adapters);
void multiply_gated(Workspace &workspace, const float *input, size_t tokens, const LinearLayer &gate,
                    const LinearLayer &up, float *out, const RowStep &step = {});

// Bytes of scratch memory that each thread needs for matrices of so many columns.
size_t linear_scratch_bytes(size_t columns);

}  // namespace brevis
