// From logits to a token id: greedy, or temperature with top-k, top-p and min-p, after a repetition penalty.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "brevis_engine.h"

namespace brevis {

// Throws BRV_ERROR_ARGUMENT for values outside their ranges.
void check_sampling(const brv_sampling &sampling);

class Sampler {
 public:
  Sampler(const brv_sampling &sampling, size_t vocabulary);

  bool is_greedy() const { return sampling_.temperature == 0; }
  // Remembers a token of prompt or output for the repetition penalty.
  void note(int32_t token);
  // Picks the next token; changes the logits. Throws BRV_ERROR_INVALID when they are not finite.
  int32_t pick(float *logits);

 private:
  void penalize(float *logits) const;
  int32_t draw(float *logits);
  double next_uniform();

  brv_sampling sampling_;
  size_t vocabulary_;
  uint64_t state_;
  std::vector<bool> seen_;
  std::vector<int32_t> seen_ids_;
  std::vector<int32_t> order_;
};

}  // namespace brevis
