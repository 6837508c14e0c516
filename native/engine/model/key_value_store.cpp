#include "model/key_value_store.h"

#include <algorithm>
#include <cstring>

namespace brevis {
namespace {

size_t size_of(CacheType type) {
  return type == CacheType::f32 ? 4 : type == CacheType::f16 ? 2 : 1;
}

}  // namespace

KeyValueStore::KeyValueStore(size_t layers, size_t heads, size_t head_size, CacheType type)
    : heads_(heads), head_size_(head_size), value_stride_(value_stride(head_size)), type_(type), pointers_(layers) {}

// A multiple of 64, so that every block is aligned as the first one is.
size_t KeyValueStore::block_bytes() const {
  const size_t scales = type_ == CacheType::int8 ? 2 * 2 * cache_groups(head_size_) : 0;
  return heads_ * kKeyBlock * ((head_size_ + value_stride_) * size_of(type_) + scales);
}

void KeyValueStore::reserve(size_t tokens) {
  const size_t needed = (tokens + kKeyBlock - 1) / kKeyBlock, present = pointers_.front().size();
  if (needed <= present) return;
  // All layers' new blocks in one piece; room for the pointers first, so that nothing is half done without memory.
  for (auto &blocks : pointers_) blocks.reserve(needed);
  memory_.reserve(memory_.size() + 1);
  memory_.emplace_back(pointers_.size() * (needed - present) * block_bytes());
  const uint8_t *block = static_cast<const uint8_t *>(memory_.back().data());
  for (auto &blocks : pointers_) {
    for (size_t b = present; b < needed; ++b, block += block_bytes()) blocks.push_back(block);
  }
}

void KeyValueStore::write(const Kernels &kernels, size_t layer, size_t position, const float *keys,
                          const float *values) {
  uint8_t *block = const_cast<uint8_t *>(pointers_[layer][position / kKeyBlock]);
  for (size_t head = 0; head < heads_; ++head, keys += head_size_, values += head_size_) {
    const KeyValueBlocks at = blocks(layer, head);
    for (size_t column = 0; column < head_size_; column += kCacheGroup) {
      write_group(kernels, block, at, position % kKeyBlock, column, keys + column, values + column);
    }
  }
}

// Up to kCacheGroup columns of one head's key and value.
void KeyValueStore::write_group(const Kernels &kernels, uint8_t *block, const KeyValueBlocks &at, size_t place,
                                size_t column, const float *keys, const float *values) const {
  const size_t count = std::min(kCacheGroup, head_size_ - column), size = size_of(type_);
  uint8_t *to_keys = block + at.keys + (column * kKeyBlock + place) * size;
  uint8_t *to_values = block + at.values + (place * value_stride_ + column) * size;
  if (type_ == CacheType::f32) {
    for (size_t i = 0; i < count; ++i) std::memcpy(to_keys + i * kKeyBlock * 4, keys + i, 4);
    std::memcpy(to_values, values, count * 4);
  } else if (type_ == CacheType::f16) {
    uint16_t halves[kCacheGroup];
    kernels.encode_f16(keys, reinterpret_cast<uint8_t *>(halves), count);
    for (size_t i = 0; i < count; ++i) std::memcpy(to_keys + i * kKeyBlock * 2, halves + i, 2);
    kernels.encode_f16(values, to_values, count);
  } else {
    int8_t bytes[kCacheGroup];
    const size_t scale = 2 * (column / kCacheGroup * kKeyBlock + place);
    const uint16_t key_scale = kernels.quantize_cached(keys, count, bytes);
    for (size_t i = 0; i < count; ++i) std::memcpy(to_keys + i * kKeyBlock, bytes + i, 1);
    std::memcpy(block + at.key_scales + scale, &key_scale, 2);
    const uint16_t value_scale = kernels.quantize_cached(values, count, reinterpret_cast<int8_t *>(to_values));
    std::memcpy(block + at.value_scales + scale, &value_scale, 2);
  }
}

KeyValueBlocks KeyValueStore::blocks(size_t layer, size_t head) const {
  const size_t size = size_of(type_), keys = head_size_ * kKeyBlock * size, values = kKeyBlock * value_stride_ * size;
  const size_t scales = 2 * cache_groups(head_size_) * kKeyBlock;
  const size_t all_scales = heads_ * (keys + values);
  return {pointers_[layer].data(),
          type_,
          head_size_,
          value_stride_,
          head * keys,
          heads_ * keys + head * values,
          all_scales + head * scales,
          all_scales + (heads_ + head) * scales};
}

}  // namespace brevis
