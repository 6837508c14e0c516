#include "model/sampler.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "error.h"

namespace brevis {
namespace {

void check_range(const char *name, double value, double minimum, double maximum) {
  if (value >= minimum && value <= maximum) return;  // false for NaN too
  fail_argument(std::string("sampling: ") + name + ": expected " + std::to_string(minimum) + " to " +
                std::to_string(maximum) + ", got " + std::to_string(value));
}

}  // namespace

void check_sampling(const brv_sampling &sampling) {
  check_range("temperature", sampling.temperature, 0, 100);
  check_range("top_k", sampling.top_k, 0, INT32_MAX);
  check_range("top_p", sampling.top_p, 0, 1);
  check_range("min_p", sampling.min_p, 0, 1);
  check_range("repetition_penalty", sampling.repetition_penalty, 0, 100);
}

Sampler::Sampler(const brv_sampling &sampling, size_t vocabulary)
    : sampling_(sampling), vocabulary_(vocabulary), state_(sampling.seed) {
  if (sampling_.repetition_penalty == 0) sampling_.repetition_penalty = 1;
  if (sampling_.top_p == 0) sampling_.top_p = 1;
  if (sampling_.repetition_penalty != 1) seen_.resize(vocabulary);
}

void Sampler::note(int32_t token) {
  if (seen_.empty() || seen_[static_cast<size_t>(token)]) return;
  seen_[static_cast<size_t>(token)] = true;
  seen_ids_.push_back(token);
}

void Sampler::penalize(float *logits) const {
  for (const int32_t id : seen_ids_) {
    float &logit = logits[id];
    logit = logit > 0 ? logit / sampling_.repetition_penalty : logit * sampling_.repetition_penalty;
  }
}

int32_t Sampler::pick(float *logits) {
  float not_finite = 0;
  for (size_t i = 0; i < vocabulary_; ++i) not_finite += logits[i] - logits[i];
  if (not_finite != 0 || std::isnan(not_finite)) {
    fail_invalid("logits: expected finite values, but the model computes values that are not; its weights are broken");
  }
  penalize(logits);
  if (is_greedy()) return static_cast<int32_t>(std::max_element(logits, logits + vocabulary_) - logits);
  return draw(logits);
}

int32_t Sampler::draw(float *logits) {
  order_.resize(vocabulary_);
  std::iota(order_.begin(), order_.end(), 0);
  // Likeliest first, the lower id among equals, so that the outcome does not depend on the sort.
  const auto likelier = [&](int32_t a, int32_t b) { return logits[a] != logits[b] ? logits[a] > logits[b] : a < b; };
  size_t kept = sampling_.top_k > 0 ? std::min(vocabulary_, static_cast<size_t>(sampling_.top_k)) : vocabulary_;
  std::partial_sort(order_.begin(), order_.begin() + static_cast<std::ptrdiff_t>(kept), order_.end(), likelier);
  const double largest = logits[order_[0]];
  double total = 0;
  std::vector<double> weights(kept);
  for (size_t i = 0; i < kept; ++i) {
    total += weights[i] = std::exp((logits[order_[i]] - largest) / static_cast<double>(sampling_.temperature));
  }
  if (sampling_.top_p < 1) {
    double sum = 0;
    size_t count = 0;
    while (count < kept && sum < sampling_.top_p * total) sum += weights[count++];
    kept = std::max<size_t>(1, count);
  }
  // The likeliest weighs exactly 1, so min_p compares with the weight itself.
  while (kept > 1 && weights[kept - 1] < sampling_.min_p) --kept;
  double remaining = 0;
  for (size_t i = 0; i < kept; ++i) remaining += weights[i];
  double target = next_uniform() * remaining;
  for (size_t i = 0; i + 1 < kept; ++i) {
    if ((target -= weights[i]) < 0) return order_[i];
  }
  return order_[kept - 1];
}

// SplitMix64 (Steele, Lea, Flood 2014): the same on every platform, unlike the standard library's distributions.
double Sampler::next_uniform() {
  uint64_t z = state_ += 0x9E3779B97F4A7C15ull;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  z ^= z >> 31;
  return static_cast<double>(z >> 11) * 0x1p-53;
}

}  // namespace brevis
