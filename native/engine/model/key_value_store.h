// Keys and values of one sequence, for some layers, in blocks of 64 tokens that are added as the sequence grows.
#pragma once

#include <vector>

#include "ops/kernels.h"
#include "ops/zeroed_memory.h"

namespace brevis {

class KeyValueStore {
 public:
  KeyValueStore(size_t layers, size_t heads, size_t head_size);

  // Makes room for `tokens` tokens in all. New memory is zero: attention may read, and ignores, what is beyond a row's
  // limit.
  void reserve(size_t tokens);
  // Copies one token's keys and values, [heads, head_size] each, to its position.
  void write(size_t layer, size_t position, const float *keys, const float *values);
  KeyValueBlocks blocks(size_t layer, size_t head) const;

  static size_t value_stride(size_t head_size) { return (head_size + 15) / 16 * 16; }

 private:
  size_t heads_, head_size_, value_stride_;
  // [layer][block]: first all heads' keys [head_size, 64], then all heads' values [64, value_stride].
  std::vector<std::vector<const float *>> pointers_;
  std::vector<ZeroedMemory> memory_;
};

}  // namespace brevis
