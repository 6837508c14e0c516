// What tests of the kernels' tables share: numbers to compute with, every table that this machine has, and how far
// results may be apart.
#pragma once

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "engine_fixture.h"
#include "ops/kernels.h"

// Normally distributed.
inline std::vector<float> random_floats(size_t count, unsigned seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal;
  std::vector<float> out(count);
  for (float &value : out) value = normal(generator);
  return out;
}

inline void for_each_table(void (*body)(const brevis::Kernels &)) {
  for (const std::string &name : available_kernels()) body(*brevis::find_kernels(name.c_str()));
}

// The root of the squared differences' sum, relative to that of the expected values.
inline float relative_error(const std::vector<float> &actual, const std::vector<float> &expected) {
  double error = 0, size = 0;
  for (size_t i = 0; i < actual.size(); ++i) {
    error += std::pow(double{actual[i]} - double{expected[i]}, 2);
    size += std::pow(double{expected[i]}, 2);
  }
  return static_cast<float>(std::sqrt(error / size));
}
