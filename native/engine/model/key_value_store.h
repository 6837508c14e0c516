// Keys and values of one sequence, for some layers, in blocks of 64 tokens that are added as the sequence grows.
#pragma once

#include <vector>

#include "ops/kernels.h"
#include "ops/zeroed_memory.h"

namespace brevis {

class KeyValueStore {
 public:
  KeyValueStore(size_t layers, size_t heads, size_t head_size, CacheType type);

  // Makes room for `tokens` tokens in all. New memory is zero: attention may read, and ignores, what is beyond a row's
  // limit.
  void reserve(size_t tokens);
  // Puts one token's keys and values, [heads, head_size] each, to its position.
  void write(const Kernels &kernels, size_t layer, size_t position, const float *keys, const float *values);
  KeyValueBlocks blocks(size_t layer, size_t head) const;

  static size_t value_stride(size_t head_size) { return (head_size + 15) / 16 * 16; }

 private:
  void write_group(const Kernels &kernels, uint8_t *block, const KeyValueBlocks &at, size_t place, size_t column,
                   const float *keys, const float *values) const;
  size_t block_bytes() const;

  size_t heads_, head_size_, value_stride_;
  CacheType type_;
  // [layer][block]: all heads' keys, all heads' values, all heads' scales of keys, and of values, as KeyValueBlocks
  // says.
  std::vector<std::vector<const uint8_t *>> pointers_;
  std::vector<ZeroedMemory> memory_;
};

}  // namespace brevis
