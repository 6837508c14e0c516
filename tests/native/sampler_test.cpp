#include "model/sampler.h"

#include <map>

#include "check.h"
#include "error.h"

using brevis::Sampler;

namespace {

// How often each id is drawn in 4000 tries.
std::map<int32_t, int> draw(const brv_sampling &sampling, const std::vector<float> &logits) {
  Sampler sampler(sampling, logits.size());
  std::map<int32_t, int> counts;
  for (int i = 0; i < 4000; ++i) {
    std::vector<float> copy = logits;
    ++counts[sampler.pick(copy.data())];
  }
  return counts;
}

brv_sampling at_temperature(float temperature) {
  brv_sampling sampling{};
  sampling.temperature = temperature;
  sampling.seed = 7;
  return sampling;
}

// Probabilities .5, .25, .125, .125 at temperature 1.
const std::vector<float> kLogits = {std::log(0.25f), std::log(0.5f), std::log(0.125f), std::log(0.125f)};

}  // namespace

TEST(greedy_takes_the_lowest_of_the_largest) {
  Sampler sampler(brv_sampling{}, 3);
  std::vector<float> logits = {1, 2, 2};
  CHECK_EQUAL(sampler.pick(logits.data()), 1);
}

TEST(draws_by_probability) {
  const auto counts = draw(at_temperature(1), kLogits);
  CHECK(std::abs(counts.at(1) - 2000) < 150 && std::abs(counts.at(0) - 1000) < 150 &&
        std::abs(counts.at(3) - 500) < 100);
  CHECK(draw(at_temperature(0.05f), kLogits).at(1) > 3990);
}

TEST(limits_the_candidates) {
  brv_sampling sampling = at_temperature(1);
  sampling.top_k = 2;
  CHECK_EQUAL(draw(sampling, kLogits).size(), size_t{2});
  sampling = at_temperature(1);
  sampling.top_p = 0.7f;
  CHECK_EQUAL(draw(sampling, kLogits).size(), size_t{2});
  sampling.top_p = 0.1f;
  CHECK_EQUAL(draw(sampling, kLogits).size(), size_t{1});
  sampling = at_temperature(1);
  sampling.min_p = 0.4f;
  CHECK_EQUAL(draw(sampling, kLogits).size(), size_t{2});
}

TEST(the_seed_decides) {
  brv_sampling other = at_temperature(1);
  other.seed = 8;
  CHECK(draw(at_temperature(1), kLogits) == draw(at_temperature(1), kLogits));
  CHECK(draw(at_temperature(1), kLogits) != draw(other, kLogits));
}

TEST(penalizes_repetition_on_both_sides_of_zero) {
  brv_sampling sampling{};
  sampling.repetition_penalty = 2;
  Sampler sampler(sampling, 3);
  sampler.note(0);
  sampler.note(0);
  std::vector<float> logits = {3, 2, -1};
  CHECK_EQUAL(sampler.pick(logits.data()), 1);
  CHECK_EQUAL(logits[0], 1.5f);
  sampler.note(2);
  logits = {3, 2, -1};
  sampler.pick(logits.data());
  CHECK_EQUAL(logits[2], -2.0f);
}

TEST(refuses_what_is_out_of_range_or_not_a_number) {
  brv_sampling sampling{};
  sampling.top_p = NAN;
  try {
    brevis::check_sampling(sampling);
    CHECK(false);
  } catch (const brevis::EngineError &error) {
    CHECK_CONTAINS(error.what(), "top_p: expected 0");
  }
  Sampler sampler(brv_sampling{}, 2);
  std::vector<float> logits = {1, INFINITY};
  try {
    sampler.pick(logits.data());
    CHECK(false);
  } catch (const brevis::EngineError &error) {
    CHECK_EQUAL(error.status(), BRV_ERROR_INVALID);
  }
}
