// What one call computes with: kernels, threads, the cancel flag and memory for activations. One caller at a time.
#pragma once

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "error.h"
#include "ops/buffer.h"
#include "ops/kernels.h"
#include "ops/thread_pool.h"

namespace brevis {

// Activations of some tokens as int8, in one grouping and order.
struct QuantizedBuffers {
  size_t group = 0;
  bool interleave = false;
  Buffer<int8_t> values;
  Buffer<float> scales, scaled_sums;
};

struct Workspace {
  Workspace(const Kernels &kernel_table, std::shared_ptr<ThreadPool> thread_pool, size_t thread_count,
            size_t scratch_bytes)
      : kernels(kernel_table), pool(std::move(thread_pool)), threads(thread_count), scratch(thread_count) {
    for (Buffer<uint8_t> &buffer : scratch) buffer.reserve(scratch_bytes);
  }

  // Runs body(task, scratch memory) for each task below `tasks`, on several threads when `worthwhile`.
  template <typename Body>
  void parallel(size_t tasks, bool worthwhile, Body &&body) {
    using Context = std::pair<Workspace *, Body *>;
    Context context(this, &body);
    pool->run(
        tasks, worthwhile ? threads : 1,
        [](void *shared, size_t task, size_t participant) {
          auto &[workspace, function] = *static_cast<Context *>(shared);
          (*function)(task, workspace->scratch[participant].data());
        },
        &context);
  }

  // Cuts `count` items into ranges for the threads: body(first, last).
  template <typename Body>
  void parallel_ranges(size_t count, size_t least, Body &&body) {
    const size_t step = std::max(least, (count + threads * 4 - 1) / (threads * 4));
    parallel((count + step - 1) / step, count > step,
             [&](size_t task, uint8_t *) { body(task * step, std::min(count, (task + 1) * step)); });
  }

  const Kernels &kernels;
  std::shared_ptr<ThreadPool> pool;
  size_t threads;
  CancelFlag cancel;
  bool int8_activations = false;
  bool bf16_activations = false;         // for products with bfloat16 weights
  std::vector<Buffer<uint8_t>> scratch;  // one a thread

  // [tokens, width] each.
  Buffer<float> hidden, normalized, delta, low_rank, logits;
  // Queries, keys and values of attention; later in the same layer gate and up of the feed-forward part.
  Buffer<float> projections;
  float *queries = nullptr, *keys = nullptr, *values = nullptr;  // attention's results take the queries' places
  // Keys and values of int8 attention, as Int8KeyValues says, one head and sequence after the other.
  Buffer<uint8_t> int8_keys;
  Buffer<int8_t> int8_values;
  Buffer<float> key_scales, value_scales;
  Buffer<uint16_t> bf16_input;
  QuantizedBuffers quantized[3];  // as many as layers that share an input (query, key, value)
};

}  // namespace brevis
