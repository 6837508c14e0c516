#include "model/linear.h"

namespace brevis {
namespace {

// Weights of the smallest task: enough work to outweigh handing it out, small enough that threads finish together.
constexpr size_t kTaskBytes = 48 * 1024;
// Below so many multiplications, one thread is faster than two.
constexpr size_t kWorthwhile = 32 * 1024;

bool uses_int8(const Workspace &workspace, const LinearWeights &weights) {
  return workspace.int8_activations && weights.kind == LinearWeights::Kind::affine;
}

bool uses_bf16(const Workspace &workspace, const LinearWeights &weights) {
  return workspace.bf16_activations && weights.kind == LinearWeights::Kind::bf16;
}

// Rows of input that a product reads: made by the caller's step, if there is one, as int8 once for each grouping that
// the weights need, and as bfloat16 where they need that.
class PreparedInput {
 public:
  PreparedInput(Workspace &workspace, const float *input, size_t tokens, const RowStep &step)
      : workspace_(workspace), input_(input), tokens_(tokens), step_(step) {}

  void prepare_int8(const LinearWeights &weights) {
    if (find(weights) != nullptr) return;
    QuantizedBuffers &buffers = workspace_.quantized[used_++];
    buffers.group = weights.group;
    buffers.interleave = weights.bits == 4;
    const size_t columns = weights.columns, groups = weights.groups();
    int8_t *values = buffers.values.reserve(tokens_ * columns);
    float *scales = buffers.scales.reserve(tokens_ * groups), *sums = buffers.scaled_sums.reserve(tokens_ * groups);
    const Kernels &kernels = workspace_.kernels;
    const size_t tile = kernels.token_tile;
    const bool make = !made_ && step_;
    workspace_.parallel_ranges((tokens_ + tile - 1) / tile, 2, [&](size_t first, size_t last) {
      for (size_t t = first * tile; t < std::min(tokens_, last * tile); t += tile) {
        const size_t count = std::min(tile, tokens_ - t);
        if (make) step_(t, t + count);
        kernels.quantize_tile(input_ + t * columns, count, columns, buffers.group, buffers.interleave,
                              values + t * columns, scales + t * groups, sums + t * groups);
      }
    });
    made_ = true;
  }

  void prepare_bf16(size_t columns) {
    if (halves_ != nullptr) return;
    uint16_t *halves = workspace_.bf16_input.reserve(tokens_ * columns);
    const bool make = !made_ && step_;
    workspace_.parallel_ranges(tokens_, 16, [&](size_t first, size_t last) {
      if (make) step_(first, last);
      workspace_.kernels.round_bf16(input_ + first * columns, halves + first * columns, (last - first) * columns);
    });
    made_ = true;
    halves_ = halves;
  }

  void prepare_floats() {
    if (!made_ && step_) workspace_.parallel_ranges(tokens_, 16, step_);
    made_ = true;
  }

  // Tokens first .. first+count-1; `first` is a multiple of the token tile.
  QuantizedTokens tokens_for(const LinearWeights &weights, size_t first, size_t count) const {
    const QuantizedBuffers &buffers = *find(weights);
    const size_t scale = first * weights.groups();
    return {buffers.values.data() + first * weights.columns,
            buffers.scales.data() + scale,
            buffers.scaled_sums.data() + scale,
            count,
            weights.columns,
            weights.group};
  }

  const float *floats() const { return input_; }
  const uint16_t *halves() const { return halves_; }
  size_t tokens() const { return tokens_; }

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
  const RowStep &step_;
  bool made_ = false;
  const uint16_t *halves_ = nullptr;
};

// Tokens that meet a panel before the next panel's turn comes: a multiple of every table's token tile.
constexpr size_t kTokenBlock = 48;

// Panels that a task multiplies together at most: a dword of a token is then loaded once for both.
constexpr size_t kPanelPair = 2;

// Asks for part `block` of `blocks` of `count` panels from `panel` on, so that their rows are near when they are
// unpacked: they lie as many streams as there are rows, which the processor does not foresee. Into the nearest cache:
// asked for into the next one, they came late (Zen 5; unpacking took three times as long). Threads take tasks in turns,
// so the task as many tasks ahead as there are threads is likely to be this thread's next.
void prefetch_panels(const LinearWeights &weights, size_t panel, size_t count, size_t block, size_t blocks) {
  if (panel >= weights.panels()) return;
  const size_t bytes = std::min(count * kPanelRows, weights.rows - panel * kPanelRows) * weights.row_bytes;
  const uint8_t *from = weights.data + panel * kPanelRows * weights.row_bytes;
  const size_t lines = bytes / 64, end = lines * (block + 1) / blocks;
  for (size_t line = lines * block / blocks; line < end; ++line) __builtin_prefetch(from + 64 * line);
}

// Bytes of an unpacked panel, up to the next multiple of the alignment.
size_t panel_bytes(size_t columns) {
  return (kPanelRows * columns + 63) / 64 * 64;
}

// The panel's bytes: where they lie, or unpacked to `scratch`.
const uint8_t *unpacked_panel(const Workspace &workspace, const LinearWeights &weights, size_t panel,
                              uint8_t *scratch) {
  if (weights.is_unpacked()) return weights.panel(panel).weights;
  workspace.kernels.unpack_panel(weights.panel(panel), weights.columns, scratch);
  return scratch;
}

// Both products in one call, where that is faster.
void multiply_panels(const Kernels &kernels, const PanelProduct (&products)[kPanelPair], size_t count,
                     const QuantizedTokens &tokens) {
  if (count == kPanelPair && kernels.multiply_pair != nullptr) return kernels.multiply_pair(products, tokens);
  for (size_t p = 0; p < count; ++p) {
    kernels.multiply_unpacked(products[p].panel, products[p].unpacked, tokens, products[p].out, products[p].out_stride);
  }
}

// The panel times one token, where it lies. False where the kernels cannot.
bool multiply_single(const Workspace &workspace, const LinearWeights &weights, size_t panel, const PreparedInput &input,
                     float *out) {
  return !weights.is_unpacked() && workspace.kernels.multiply_single != nullptr &&
         workspace.kernels.multiply_single(weights.panel(panel), input.tokens_for(weights, 0, 1), out);
}

// Up to kPanelPair panels from `panel` on; out: the first one's first column of the first token.
void multiply_int8(const Workspace &workspace, const LinearWeights &weights, size_t panel, size_t count,
                   const PreparedInput &input, float *out, uint8_t *scratch) {
  const size_t tokens = input.tokens();
  PanelProduct products[kPanelPair];
  size_t pending = 0;  // products that are not done yet
  for (size_t p = panel; p < panel + count; ++p, out += kPanelRows) {
    if (tokens == 1 && multiply_single(workspace, weights, p, input, out)) continue;
    products[pending++] = {weights.panel(p), unpacked_panel(workspace, weights, p, scratch), out, weights.rows};
    scratch += panel_bytes(weights.columns);
  }
  if (pending == 0) return;
  const size_t blocks = (tokens + kTokenBlock - 1) / kTokenBlock;
  for (size_t b = 0; b < blocks; ++b) {
    const size_t first = b * kTokenBlock;
    prefetch_panels(weights, panel + workspace.threads * count, count, b, blocks);
    multiply_panels(workspace.kernels, products, pending,
                    input.tokens_for(weights, first, std::min(kTokenBlock, tokens - first)));
    for (size_t p = 0; p < pending; ++p) products[p].out += kTokenBlock * weights.rows;
  }
}

void multiply_floats(const Workspace &workspace, const LinearWeights &weights, size_t panel, const PreparedInput &input,
                     float *out, uint8_t *scratch) {
  const size_t tokens = input.tokens();
  const size_t first = panel * kPanelRows, rows = std::min(kPanelRows, weights.rows - first);
  const uint8_t *floats = weights.data + first * weights.row_bytes;
  const bool halves = uses_bf16(workspace, weights);
  if (!halves && weights.kind != LinearWeights::Kind::f32) {
    weights.decode_rows(workspace.kernels, first, rows, reinterpret_cast<float *>(scratch));
    floats = scratch;
  }
  // Inputs go tile by tile, so that a tile stays in the nearest caches while all rows of the panel meet it.
  const size_t tile = std::max<size_t>(24, 32 * 1024 / weights.columns);
  for (size_t t = 0; t < tokens; t += tile) {
    if (halves) {
      workspace.kernels.dot_rows_bf16(floats, weights.row_bytes, rows, input.halves() + t * weights.columns,
                                      weights.columns, std::min(tile, tokens - t), weights.columns,
                                      out + t * weights.rows, weights.rows);
      continue;
    }
    workspace.kernels.dot_rows(floats, weights.columns * sizeof(float), rows, input.floats() + t * weights.columns,
                               weights.columns, std::min(tile, tokens - t), weights.columns, out + t * weights.rows,
                               weights.rows);
  }
}

// out = silu(gate) * up for a panel of both: what lies between them stays in the nearest cache.
void multiply_gated_panel(const Workspace &workspace, const LinearWeights &gate, const LinearWeights &up, size_t panel,
                          const PreparedInput &input, float *out, uint8_t *scratch) {
  const Kernels &kernels = workspace.kernels;
  const size_t tokens = input.tokens(), rows = gate.panel(panel).rows;
  float *ups = reinterpret_cast<float *>(scratch);  // [kTokenBlock, kPanelRows]
  uint8_t *gate_bytes = scratch + kTokenBlock * kPanelRows * sizeof(float);
  uint8_t *up_bytes = gate_bytes + panel_bytes(gate.columns);
  if (tokens == 1) {
    multiply_int8(workspace, gate, panel, 1, input, out, gate_bytes);
    multiply_int8(workspace, up, panel, 1, input, ups, up_bytes);
    kernels.silu_multiply(out, rows, ups, rows, 1, rows);
    return;
  }
  PanelProduct products[kPanelPair] = {
      {gate.panel(panel), unpacked_panel(workspace, gate, panel, gate_bytes), out, gate.rows},
      {up.panel(panel), unpacked_panel(workspace, up, panel, up_bytes), ups, kPanelRows}};
  const bool together = gate.group == up.group && gate.bits == up.bits;
  const size_t blocks = (tokens + kTokenBlock - 1) / kTokenBlock;
  for (size_t b = 0; b < blocks; ++b) {
    const size_t first = b * kTokenBlock, count = std::min(kTokenBlock, tokens - first);
    prefetch_panels(gate, panel + workspace.threads, 1, b, blocks);
    prefetch_panels(up, panel + workspace.threads, 1, b, blocks);
    float *to = products[0].out = out + first * gate.rows;
    if (together) {
      multiply_panels(kernels, products, 2, input.tokens_for(gate, first, count));
    } else {
      multiply_panels(kernels, {products[0]}, 1, input.tokens_for(gate, first, count));
      multiply_panels(kernels, {products[1]}, 1, input.tokens_for(up, first, count));
    }
    kernels.silu_multiply(to, gate.rows, ups, kPanelRows, count, rows);
  }
}

struct PanelRange {
  const LinearJob *job;
  size_t first_panel, last_panel;
};

// Cuts a job into runs of panels. For many tokens a pair of panels is work enough, and each alone where there are not
// several pairs for each thread. For few, what counts is that a thread
// reads memory in long runs, since it asks for panels ahead: runs are long first and short at the end, where threads
// meet.
void add_tasks(const LinearJob &job, size_t tokens, size_t threads, std::vector<PanelRange> &tasks) {
  const LinearWeights &weights = *job.weights;
  const size_t panels = weights.panels(), many = panels >= 4 * kPanelPair * threads ? kPanelPair : 1;
  const size_t least = std::max<size_t>(1, kTaskBytes / (kPanelRows * weights.row_bytes));
  for (size_t p = 0; p < panels;) {
    const size_t step = tokens > 8 ? many : std::max(least, (panels - p) / (2 * threads));
    tasks.push_back({&job, p, std::min(p + step, panels)});
    p += step;
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
  // A panel as floats, or two as bytes and a block of tokens' results.
  return std::max(kPanelRows * columns * sizeof(float),
                  kPanelPair * panel_bytes(columns) + kTokenBlock * kPanelRows * sizeof(float));
}

void multiply(Workspace &workspace, const float *input, size_t tokens, std::initializer_list<LinearJob> jobs,
              const ActiveAdapters &adapters, const RowStep &step) {
  std::vector<PanelRange> tasks;
  PreparedInput prepared(workspace, input, tokens, step);
  size_t work = 0;
  for (const LinearJob &job : jobs) {
    add_tasks(job, tokens, workspace.threads, tasks);
    work += tokens * job.weights->rows * job.weights->columns;
    if (uses_int8(workspace, *job.weights)) prepared.prepare_int8(*job.weights);
    if (uses_bf16(workspace, *job.weights)) prepared.prepare_bf16(job.weights->columns);
  }
  prepared.prepare_floats();
  workspace.parallel(tasks.size(), work >= kWorthwhile, [&](size_t index, uint8_t *scratch) {
    const PanelRange &task = tasks[index];
    const LinearWeights &weights = *task.job->weights;
    const size_t step = uses_int8(workspace, weights) ? kPanelPair : 1;
    for (size_t p = task.first_panel; p < task.last_panel; p += step) {
      float *out = task.job->out + p * kPanelRows;
      if (uses_int8(workspace, weights)) {
        multiply_int8(workspace, weights, p, std::min(step, task.last_panel - p), prepared, out, scratch);
      } else {
        multiply_floats(workspace, weights, p, prepared, out, scratch);
      }
    }
  });
  if (adapters.layers.empty()) return;
  for (const LinearJob &job : jobs) {
    for (const ActiveLora &lora : adapters.layers[job.index]) add_lora(workspace, lora, input, tokens, job.out);
  }
}

bool can_multiply_gated(const Workspace &workspace, const LinearLayer &gate, const LinearLayer &up,
                        const ActiveAdapters &adapters) {
  return uses_int8(workspace, gate.weights) && uses_int8(workspace, up.weights) && adapters.layers.empty();
}

void multiply_gated(Workspace &workspace, const float *input, size_t tokens, const LinearLayer &gate,
                    const LinearLayer &up, float *out, const RowStep &step) {
  std::vector<PanelRange> tasks;
  const LinearJob job(&gate, out);
  add_tasks(job, tokens, workspace.threads, tasks);
  PreparedInput prepared(workspace, input, tokens, step);
  prepared.prepare_int8(gate.weights);
  prepared.prepare_int8(up.weights);
  const bool worthwhile = 2 * tokens * gate.weights.rows * gate.weights.columns >= kWorthwhile;
  workspace.parallel(tasks.size(), worthwhile, [&](size_t index, uint8_t *scratch) {
    for (size_t p = tasks[index].first_panel; p < tasks[index].last_panel; ++p) {
      multiply_gated_panel(workspace, gate.weights, up.weights, p, prepared, out + p * kPanelRows, scratch);
    }
  });
}

}  // namespace brevis
