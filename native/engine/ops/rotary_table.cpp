#include "ops/rotary_table.h"

#include <cmath>

namespace brevis {
namespace {

constexpr size_t kBlock = 64;

}  // namespace

// Frequencies and angles are rounded to float where the reference implementations round them: at long positions the
// rounding of a frequency turns into a visible difference of the angle.
RotaryTable::RotaryTable(size_t head_size, double theta, size_t positions)
    : half_(head_size / 2), frequencies_(half_), block_count_((positions + kBlock - 1) / kBlock) {
  for (size_t i = 0; i < half_; ++i) {
    const float exponent = static_cast<float>(2 * i) / static_cast<float>(head_size);
    frequencies_[i] = 1.0f / static_cast<float>(std::pow(static_cast<float>(theta), static_cast<double>(exponent)));
  }
  blocks_ = std::make_unique<std::atomic<float *>[]>(block_count_);
}

RotaryTable::~RotaryTable() {
  for (size_t i = 0; i < block_count_; ++i) delete[] blocks_[i].load();
}

RotaryTable::Angles RotaryTable::at(size_t position) const {
  std::atomic<float *> &slot = blocks_[position / kBlock];
  float *block = slot.load(std::memory_order_acquire);
  if (block == nullptr) {
    std::unique_ptr<float[]> fresh(new float[kBlock * 2 * half_]);
    for (size_t p = 0; p < kBlock; ++p) {
      const float absolute = static_cast<float>(position / kBlock * kBlock + p);
      for (size_t i = 0; i < half_; ++i) {
        const double angle = absolute * frequencies_[i];
        fresh[p * 2 * half_ + i] = static_cast<float>(std::cos(angle));
        fresh[p * 2 * half_ + half_ + i] = static_cast<float>(std::sin(angle));
      }
    }
    // Two threads may compute the same block; the first one's stays.
    if (slot.compare_exchange_strong(block, fresh.get(), std::memory_order_acq_rel)) block = fresh.release();
  }
  const float *row = block + position % kBlock * 2 * half_;
  return {row, row + half_};
}

}  // namespace brevis
