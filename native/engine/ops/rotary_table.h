// Cosines and sines of rotary position embeddings, computed for 64 positions at a time when first asked for.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

namespace brevis {

class RotaryTable {
 public:
  RotaryTable(size_t head_size, double theta, size_t positions);
  ~RotaryTable();
  RotaryTable(const RotaryTable &) = delete;
  RotaryTable &operator=(const RotaryTable &) = delete;

  struct Angles {
    const float *cosines, *sines;  // [head_size / 2]
  };
  // Any thread. Throws std::bad_alloc.
  Angles at(size_t position) const;

 private:
  size_t half_;
  std::vector<float> frequencies_;
  mutable std::unique_ptr<std::atomic<float *>[]> blocks_;
  size_t block_count_;
};

}  // namespace brevis
