#include "model/int8_attention.h"

namespace brevis {
namespace {

constexpr size_t kTilesPerTask = 8;

size_t block_count(size_t tokens) {
  return (tokens + kKeyBlock - 1) / kKeyBlock;
}

// One head of one sequence; its keys and values lie in the workspace's buffers.
struct Head {
  const SequenceRows *sequence;
  size_t index;
  Int8KeyValues kv;
};

std::vector<Head> place_heads(Workspace &workspace, const ModelConfig &config, const ForwardInput &input) {
  size_t blocks = 0;
  for (const SequenceRows &sequence : input.sequences) blocks += block_count(sequence.count);
  const size_t tokens = blocks * kKeyBlock * config.key_value_heads;
  uint8_t *keys = workspace.int8_keys.reserve(tokens * config.head_size);
  int8_t *values = workspace.int8_values.reserve(tokens * config.head_size);
  const size_t scales = input.sequences.size() * config.key_value_heads * config.head_size;
  float *key_scales = workspace.key_scales.reserve(scales), *value_scales = workspace.value_scales.reserve(scales);
  std::vector<Head> heads;
  size_t token = 0;
  for (const SequenceRows &sequence : input.sequences) {
    for (size_t head = 0; head < config.key_value_heads; ++head) {
      const size_t at = token * config.head_size;
      const size_t scale = heads.size() * config.head_size;
      heads.push_back(
          {&sequence,
           head,
           {keys + at, key_scales + scale, values + at, value_scales + scale, sequence.count, config.head_size}});
      token += block_count(sequence.count) * kKeyBlock;
    }
  }
  return heads;
}

// Runs body(head, part) for each head and each of its parts, `items` items a part.
template <typename Body>
void for_each_part(Workspace &workspace, const std::vector<Head> &heads, size_t items_per_token, size_t step,
                   Body &&body) {
  std::vector<std::pair<const Head *, size_t>> parts;
  for (const Head &head : heads) {
    for (size_t item = 0; item < head.sequence->count * items_per_token; item += step) parts.emplace_back(&head, item);
  }
  workspace.parallel(parts.size(), true,
                     [&](size_t index, uint8_t *scratch) { body(*parts[index].first, parts[index].second, scratch); });
}

}  // namespace

bool uses_int8_attention(const Workspace &workspace, const ModelConfig &config) {
  return workspace.int8_activations && config.task == Task::keep && workspace.kernels.attend_int8 != nullptr &&
         config.head_size % 16 == 0;
}

void attend_with_int8(Workspace &workspace, const ModelConfig &config, const ForwardInput &input) {
  const size_t size = config.head_size, key_width = config.key_value_heads * size;
  const size_t query_width = config.attention_heads * size, group = config.attention_heads / config.key_value_heads;
  const std::vector<Head> heads = place_heads(workspace, config, input);
  const auto offset_of = [&](const Head &head, size_t row) {
    return (head.sequence->first_row + row) * key_width + head.index * size;
  };
  workspace.parallel(heads.size(), true, [&](size_t index, uint8_t *) {
    const size_t offset = offset_of(heads[index], 0);
    workspace.kernels.scale_int8_columns(workspace.keys + offset, workspace.values + offset, key_width,
                                         heads[index].kv);
  });
  for_each_part(workspace, heads, 1, kKeyBlock, [&](const Head &head, size_t first, uint8_t *) {
    const size_t offset = offset_of(head, first);
    workspace.kernels.pack_int8_block(workspace.keys + offset, workspace.values + offset, key_width, first / kKeyBlock,
                                      head.kv);
  });
  constexpr size_t kStep = kTilesPerTask * kAttentionRows;
  for_each_part(workspace, heads, group, kStep, [&](const Head &head, size_t first, uint8_t *scratch) {
    const size_t last = std::min(first + kStep, head.sequence->count * group);
    for (size_t pair = first; pair < last; pair += kAttentionRows) {
      AttentionRows rows{};
      rows.count = std::min(kAttentionRows, last - pair);
      for (size_t r = 0; r < rows.count; ++r) {
        const size_t row = head.sequence->first_row + (pair + r) / group;
        const size_t offset = row * query_width + (head.index * group + (pair + r) % group) * size;
        rows.queries[r] = rows.outputs[r] = workspace.queries + offset;
        rows.limits[r] = head.sequence->count;
      }
      workspace.kernels.attend_int8(rows, head.kv, reinterpret_cast<float *>(scratch));
    }
  });
}

}  // namespace brevis
