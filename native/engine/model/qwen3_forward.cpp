#include "model/qwen3_forward.h"

#include <cmath>

#include "model/int8_attention.h"

namespace brevis {
namespace {

// Rows that go through the feed-forward part together: bounds its memory for long inputs.
constexpr size_t kFeedForwardRows = 512;

struct AttentionTask {
  const SequenceRows *sequence;
  size_t head;                   // of keys and values
  size_t first_pair, last_pair;  // (position, query head of the group) pairs, the head fastest
};

std::vector<AttentionTask> cut_attention(const ForwardInput &input, size_t heads, size_t group) {
  constexpr size_t kStep = kAttentionTiles * kAttentionRows;
  std::vector<AttentionTask> tasks;
  for (const SequenceRows &sequence : input.sequences) {
    const size_t pairs = sequence.count * group;
    for (size_t head = 0; head < heads; ++head) {
      for (size_t pair = 0; pair < pairs; pair += kStep) {
        tasks.push_back({&sequence, head, pair, std::min(pairs, pair + kStep)});
      }
    }
  }
  return tasks;
}

}  // namespace

Qwen3::Qwen3(const ModelConfig &config, Qwen3Weights weights)
    : config_(config), weights_(std::move(weights)), rotary_(config.head_size, config.rope_theta, config.context) {}

size_t Qwen3::head_size() const {
  return config_.task == Task::keep ? config_.keep_outputs : config_.vocabulary;
}

size_t Qwen3::scratch_bytes() const {
  const size_t columns =
      std::max({config_.hidden_size, config_.intermediate_size, config_.attention_heads * config_.head_size});
  const size_t attention =
      attention_scratch(config_.head_size, KeyValueStore::value_stride(config_.head_size)) * sizeof(float);
  return std::max(linear_scratch_bytes(columns), attention);
}

void Qwen3::forward(Workspace &workspace, const ForwardInput &input, const ActiveAdapters &adapters) const {
  embed(workspace, input);
  for (size_t index = 0; index < config_.layers; ++index) {
    workspace.cancel.check();
    const Qwen3Layer &layer = weights_.layers[index];
    const size_t first_row = index + 1 == config_.layers ? input.unread_rows : 0;
    attend(workspace, layer, index, input, first_row, adapters);
    feed_forward(workspace, layer, first_row, input.rows, adapters);
  }
  workspace.parallel_ranges(input.rows - input.unread_rows, 16,
                            normalize(workspace, weights_.final_norm.data(), input.unread_rows, true));
}

void Qwen3::embed(Workspace &workspace, const ForwardInput &input) const {
  const size_t width = config_.hidden_size, features = config_.features.size();
  float *hidden = workspace.hidden.reserve(input.rows * width);
  workspace.normalized.reserve(input.rows * width);
  constexpr size_t kStep = 16;
  workspace.parallel((input.rows + kStep - 1) / kStep, input.rows > kStep, [&](size_t task, uint8_t *scratch) {
    float *feature = reinterpret_cast<float *>(scratch);  // [width]
    for (size_t r = task * kStep; r < std::min(input.rows, (task + 1) * kStep); ++r) {
      float *row = hidden + r * width;
      weights_.embeddings.decode_rows(workspace.kernels, static_cast<size_t>(input.tokens[r]), 1, row);
      for (size_t f = 0; f < features; ++f) {
        const size_t id = static_cast<size_t>(input.features[r * features + f]);
        weights_.features[f].decode_rows(workspace.kernels, id, 1, feature);
        workspace.kernels.add_scaled(row, feature, 1.0f, width);
      }
    }
  });
}

// Rows of workspace.normalized hold the last projection's output until this adds it to the residual stream, if `add`,
// and puts the normalized sum in its place.
RowStep Qwen3::normalize(Workspace &workspace, const float *weight, size_t first_row, bool add) const {
  return [this, &workspace, weight, first_row, add](size_t first, size_t last) {
    const size_t width = config_.hidden_size;
    for (size_t r = first_row + first; r < first_row + last; ++r) {
      float *hidden = workspace.hidden.data() + r * width, *normalized = workspace.normalized.data() + r * width;
      if (add) workspace.kernels.add_scaled(hidden, normalized, 1.0f, width);
      workspace.kernels.rms_norm(hidden, weight, config_.norm_epsilon, width, normalized);
    }
  };
}

// Keys and values of all rows, and the results of those from first_row on.
void Qwen3::attend(Workspace &workspace, const Qwen3Layer &layer, size_t index, const ForwardInput &input,
                   size_t first_row, const ActiveAdapters &adapters) const {
  const size_t query_width = config_.attention_heads * config_.head_size;
  const size_t key_width = config_.key_value_heads * config_.head_size;
  workspace.queries = workspace.projections.reserve(input.rows * (query_width + 2 * key_width));
  workspace.keys = workspace.queries + input.rows * query_width;
  workspace.values = workspace.keys + input.rows * key_width;
  multiply(workspace, workspace.normalized.data(), input.rows,
           {{&layer.query, workspace.queries}, {&layer.key, workspace.keys}, {&layer.value, workspace.values}},
           adapters, normalize(workspace, layer.input_norm.data(), 0, index > 0));
  const size_t store_layer = input.store_has_all_layers ? index : 0;
  place_heads(workspace, layer, store_layer, input);
  if (first_row == input.rows) return;
  if (uses_int8_attention(workspace, config_)) {
    attend_with_int8(workspace, config_, input);
  } else if (first_row == 0) {
    attend_sequences(workspace, store_layer, input);
  } else {
    ForwardInput last = input;
    SequenceRows &rows = last.sequences.front();
    rows = {first_row, rows.count - first_row, rows.position + first_row, rows.store};
    attend_sequences(workspace, store_layer, last);
  }
  // The normalized rows are no longer needed: the projection goes there, and the next normalization adds it.
  multiply(workspace, workspace.queries + first_row * query_width, input.rows - first_row,
           {{&layer.output, workspace.normalized.data() + first_row * config_.hidden_size}}, adapters);
}

// Norms and rotates queries and keys, scales queries, and puts keys and values into the store.
void Qwen3::place_heads(Workspace &workspace, const Qwen3Layer &layer, size_t store_layer,
                        const ForwardInput &input) const {
  const size_t size = config_.head_size, query_heads = config_.attention_heads, key_heads = config_.key_value_heads;
  const float scale = 1.0f / std::sqrt(static_cast<float>(size));
  const Kernels &kernels = workspace.kernels;
  const auto turn = [&](float *head, const float *norm, const RotaryTable::Angles &angles) {
    kernels.rms_norm(head, norm, config_.norm_epsilon, size, head);
    kernels.rotate(head, angles.cosines, angles.sines, size / 2);
  };
  // Once by the caller alone, so that tasks only read the table and cannot run out of memory.
  for (const SequenceRows &sequence : input.sequences) {
    for (size_t i = 0; i < sequence.count; ++i) rotary_.at(sequence.position + i);
  }
  for (const SequenceRows &sequence : input.sequences) {
    workspace.parallel_ranges(sequence.count, 16, [&](size_t first, size_t last) {
      for (size_t i = first; i < last; ++i) {
        const size_t row = sequence.first_row + i, position = sequence.position + i;
        const RotaryTable::Angles angles = rotary_.at(position);
        float *queries = workspace.queries + row * query_heads * size;
        float *keys = workspace.keys + row * key_heads * size;
        for (size_t h = 0; h < query_heads; ++h) turn(queries + h * size, layer.query_norm.data(), angles);
        for (size_t k = 0; k < query_heads * size; ++k) queries[k] *= scale;
        for (size_t h = 0; h < key_heads; ++h) turn(keys + h * size, layer.key_norm.data(), angles);
        if (sequence.store == nullptr) continue;
        sequence.store->write(kernels, store_layer, position, keys, workspace.values + row * key_heads * size);
      }
    });
  }
}

void Qwen3::attend_sequences(Workspace &workspace, size_t store_layer, const ForwardInput &input) const {
  const size_t size = config_.head_size, query_heads = config_.attention_heads;
  const size_t group = query_heads / config_.key_value_heads;
  const bool causal = config_.task == Task::causal;
  const std::vector<AttentionTask> tasks = cut_attention(input, config_.key_value_heads, group);
  size_t products = 0;
  for (const SequenceRows &sequence : input.sequences) {
    products += sequence.count * (sequence.position + sequence.count) * query_heads * size;
  }
  workspace.parallel(tasks.size(), products > 64 * 1024, [&](size_t index, uint8_t *scratch) {
    const AttentionTask &task = tasks[index];
    const SequenceRows &sequence = *task.sequence;
    const KeyValueBlocks blocks = sequence.store->blocks(store_layer, task.head);
    AttentionRows tiles[kAttentionTiles];
    size_t count = 0;
    for (size_t pair = task.first_pair; pair < task.last_pair; pair += kAttentionRows) {
      AttentionRows &rows = tiles[count++];
      rows.count = std::min(kAttentionRows, task.last_pair - pair);
      for (size_t r = 0; r < rows.count; ++r) {
        const size_t place = (pair + r) / group, head = task.head * group + (pair + r) % group;
        const size_t offset = (sequence.first_row + place) * query_heads * size + head * size;
        rows.queries[r] = rows.outputs[r] = workspace.queries + offset;
        rows.limits[r] = sequence.position + (causal ? place + 1 : sequence.count);
      }
    }
    workspace.kernels.attend(tiles, count, blocks, reinterpret_cast<float *>(scratch));
  });
}

// Rows first_row .. rows-1.
void Qwen3::feed_forward(Workspace &workspace, const Qwen3Layer &layer, size_t first_row, size_t rows,
                         const ActiveAdapters &adapters) const {
  const size_t width = config_.hidden_size, middle = config_.intermediate_size;
  const bool gated = can_multiply_gated(workspace, layer.gate, layer.up, adapters);
  for (size_t first = first_row; first < rows; first += kFeedForwardRows) {
    const size_t count = std::min(kFeedForwardRows, rows - first);
    float *gate = workspace.projections.reserve(count * middle * (gated ? 1 : 2)), *up = gate + count * middle;
    float *normalized = workspace.normalized.data() + first * width;
    const RowStep norm = normalize(workspace, layer.attention_norm_after.data(), first, true);
    if (gated) {
      multiply_gated(workspace, normalized, count, layer.gate, layer.up, gate, norm);
      multiply(workspace, gate, count, {{&layer.down, normalized}}, adapters);
      continue;
    }
    multiply(workspace, normalized, count, {{&layer.gate, gate}, {&layer.up, up}}, adapters, norm);
    multiply(workspace, gate, count, {{&layer.down, normalized}}, adapters, [&](size_t begin, size_t end) {
      workspace.kernels.silu_multiply(gate + begin * middle, middle, up + begin * middle, middle, end - begin, middle);
    });
  }
}

void Qwen3::apply_head(Workspace &workspace, const float *normalized, size_t rows, const ActiveAdapters &adapters,
                       float *logits) const {
  workspace.cancel.check();
  if (weights_.head.weights.data != nullptr) {
    multiply(workspace, normalized, rows, {{&weights_.head, logits}}, adapters);
  } else {
    multiply(workspace, normalized, rows, {{&weights_.embeddings, weights_.head.index, logits}}, adapters);
  }
  if (weights_.head_bias.data() == nullptr) return;
  for (size_t r = 0; r < rows; ++r) {
    workspace.kernels.add_scaled(logits + r * head_size(), weights_.head_bias.data(), 1.0f, head_size());
  }
}

}  // namespace brevis
