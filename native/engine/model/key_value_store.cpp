#include "model/key_value_store.h"

#include <algorithm>

namespace brevis {

KeyValueStore::KeyValueStore(size_t layers, size_t heads, size_t head_size)
    : heads_(heads), head_size_(head_size), value_stride_(value_stride(head_size)), pointers_(layers) {}

void KeyValueStore::reserve(size_t tokens) {
  const size_t size = heads_ * (head_size_ + value_stride_) * kKeyBlock;
  const size_t needed = (tokens + kKeyBlock - 1) / kKeyBlock, present = pointers_.front().size();
  if (needed <= present) return;
  // All layers' new blocks in one piece; room for the pointers first, so that nothing is half done without memory.
  for (auto &blocks : pointers_) blocks.reserve(needed);
  memory_.reserve(memory_.size() + 1);
  memory_.emplace_back(pointers_.size() * (needed - present) * size * sizeof(float));
  const float *block = static_cast<const float *>(memory_.back().data());
  for (auto &blocks : pointers_) {
    for (size_t b = present; b < needed; ++b, block += size) blocks.push_back(block);
  }
}

void KeyValueStore::write(size_t layer, size_t position, const float *keys, const float *values) {
  float *block = const_cast<float *>(pointers_[layer][position / kKeyBlock]);
  const size_t place = position % kKeyBlock;
  float *value_block = block + heads_ * head_size_ * kKeyBlock;
  for (size_t head = 0; head < heads_; ++head, keys += head_size_, values += head_size_) {
    float *to = block + head * head_size_ * kKeyBlock + place;
    for (size_t i = 0; i < head_size_; ++i) to[i * kKeyBlock] = keys[i];
    std::copy(values, values + head_size_, value_block + (head * kKeyBlock + place) * value_stride_);
  }
}

KeyValueBlocks KeyValueStore::blocks(size_t layer, size_t head) const {
  return {pointers_[layer].data(), head * head_size_ * kKeyBlock,
          heads_ * head_size_ * kKeyBlock + head * kKeyBlock * value_stride_, head_size_, value_stride_};
}

}  // namespace brevis
