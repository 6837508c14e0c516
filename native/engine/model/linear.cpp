#include "model/linear.h"

namespace brevis {
namespace {

// Weights of a task: enough work to outweigh handing it out, small enough that threads finish together.
constexpr size_t kTaskBytes = 48 * 1024;
// Below so many multiplications, one thread is faster than two.
constexpr size_t kWorthwhile = 32 * 1024;

bool uses_int8(const Workspace &workspace, const LinearWeights &weights) {
  return workspace.int8_activations && weights.kind == LinearWeights::Kind::affine;
}

// The input as int8, once for each grouping that the jobs' weights need.
class QuantizedInput {
 public:
  QuantizedInput(Workspace &workspace, const float *input, size_t tokens)
      : workspace_(workspace), input_(input), tokens_(tokens) {}

  void prepare(const LinearWeights &weights) {
    if (find(weights) != nullptr) return;
    QuantizedBuffers &buffers = workspace_.quantized[used_++];
    buffers.group = weights.group;
    buffers.interleave = weights.bits == 4;
    const size_t columns = weights.columns, groups = weights.groups();
    int8_t *values = buffers.values.reserve(tokens_ * columns);
    float *scales = buffers.scales.reserve(tokens_ * groups), *sums = buffers.scaled_sums.reserve(tokens_ * groups);
    const Kernels &kernels = workspace_.kernels;
    const size_t tile = kernels.token_tile;
    workspace_.parallel_ranges((tokens_ + tile - 1) / tile, 2, [&](size_t first, size_t last) {
      for (size_t t = first * tile; t < std::min(tokens_, last * tile); t += tile) {
        kernels.quantize_tile(input_ + t * columns, std::min(tile, tokens_ - t), columns, buffers.group,
                              buffers.interleave, values + t * columns, scales + t * groups, sums + t * groups);
      }
    });
  }

  QuantizedTokens tokens_for(const LinearWeights &weights) const {
    const QuantizedBuffers &buffers = *find(weights);
    return {buffers.values.data(), buffers.scales.data(), buffers.scaled_sums.data(), tokens_,
            weights.columns,       weights.group};
  }

 private:
  const QuantizedBuffers *find(const LinearWeights &weights) const {
    for (size_t i = 0; i < used_; ++i) {
      const QuantizedBuffers &buffers = workspace_.quantized[i];
      if (buffers.group == weights.group && buffers.interleave == (weights.bits == 4)) return &buffers;
    }
    return nullptr;
  }

  Workspace &workspace_;
  const float *input_;
  size_t tokens_, used_ = 0;
};

void multiply_floats(const Workspace &workspace, const LinearWeights &weights, size_t panel, const float *input,
                     size_t tokens, float *out, uint8_t *scratch) {
  const size_t first = panel * kPanelRows, rows = std::min(kPanelRows, weights.rows - first);
  const uint8_t *floats = weights.data + first * weights.row_bytes;
  if (weights.kind != LinearWeights::Kind::f32) {
    weights.decode_rows(workspace.kernels, first, rows, reinterpret_cast<float *>(scratch));
    floats = scratch;
  }
  // Inputs go tile by tile, so that a tile stays in the nearest caches while all rows of the panel meet it.
  const size_t tile = std::max<size_t>(24, 32 * 1024 / weights.columns);
  for (size_t t = 0; t < tokens; t += tile) {
    workspace.kernels.dot_rows(floats, weights.columns * sizeof(float), rows, input + t * weights.columns,
                               weights.columns, std::min(tile, tokens - t), weights.columns,
                               out + t * weights.rows + first, weights.rows);
  }
}

struct PanelRange {
  const LinearJob *job;
  size_t first_panel, last_panel;
};

// Cuts a job into runs of panels.
void add_tasks(const LinearJob &job, size_t tokens, std::vector<PanelRange> &tasks) {
  const LinearWeights &weights = *job.weights;
  const size_t panel_bytes = kPanelRows * weights.row_bytes;
  const size_t step = tokens > 8 ? 1 : std::max<size_t>(1, kTaskBytes / panel_bytes);
  for (size_t p = 0; p < weights.panels(); p += step) {
    tasks.push_back({&job, p, std::min(p + step, weights.panels())});
  }
}

// out += scale * up (down input), through the two small matrices one after the other.
void add_lora(Workspace &workspace, const ActiveLora &lora, const float *input, size_t tokens, float *out) {
  const LoraPair &pair = *lora.pair;
  const Kernels &kernels = workspace.kernels;
  float *low_rank = workspace.low_rank.reserve(tokens * pair.rank);
  float *delta = workspace.delta.reserve(tokens * pair.outputs);
  workspace.parallel_ranges(tokens, 8, [&](size_t first, size_t last) {
    kernels.dot_rows(reinterpret_cast<const uint8_t *>(pair.down.data()), pair.inputs * sizeof(float), pair.rank,
                     input + first * pair.inputs, pair.inputs, last - first, pair.inputs, low_rank + first * pair.rank,
                     pair.rank);
    kernels.dot_rows(reinterpret_cast<const uint8_t *>(pair.up.data()), pair.rank * sizeof(float), pair.outputs,
                     low_rank + first * pair.rank, pair.rank, last - first, pair.rank, delta + first * pair.outputs,
                     pair.outputs);
    kernels.add_scaled(out + first * pair.outputs, delta + first * pair.outputs, lora.scale,
                       (last - first) * pair.outputs);
  });
}

}  // namespace

size_t linear_scratch_bytes(size_t columns) {
  return kPanelRows * columns * sizeof(float);
}

void multiply(Workspace &workspace, const float *input, size_t tokens, std::initializer_list<LinearJob> jobs,
              const ActiveAdapters &adapters) {
  std::vector<PanelRange> tasks;
  QuantizedInput quantized(workspace, input, tokens);
  size_t work = 0;
  for (const LinearJob &job : jobs) {
    add_tasks(job, tokens, tasks);
    work += tokens * job.weights->rows * job.weights->columns;
    if (uses_int8(workspace, *job.weights)) quantized.prepare(*job.weights);
  }
  workspace.parallel(tasks.size(), work >= kWorthwhile, [&](size_t index, uint8_t *scratch) {
    const PanelRange &task = tasks[index];
    const LinearWeights &weights = *task.job->weights;
    for (size_t p = task.first_panel; p < task.last_panel; ++p) {
      if (!uses_int8(workspace, weights)) {
        multiply_floats(workspace, weights, p, input, tokens, task.job->out, scratch);
        continue;
      }
      workspace.kernels.multiply_panel(weights.panel(p), quantized.tokens_for(weights), scratch,
                                       task.job->out + p * kPanelRows, weights.rows);
    }
  });
  if (adapters.layers.empty()) return;
  for (const LinearJob &job : jobs) {
    for (const ActiveLora &lora : adapters.layers[job.index]) add_lora(workspace, lora, input, tokens, job.out);
  }
}

}  // namespace brevis
