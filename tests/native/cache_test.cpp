// The KV cache in each of its types: what it holds, and attention over it with every table of kernels.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "model/key_value_store.h"
#include "ops/buffer.h"
#include "ops/half.h"
#include "table_checks.h"

using namespace brevis;

namespace {

constexpr CacheType kTypes[] = {CacheType::f32, CacheType::f16, CacheType::int8};

const char *name_of(CacheType type) {
  return type == CacheType::f32 ? "f32" : type == CacheType::f16 ? "f16" : "int8";
}

// One sequence of one layer, two heads.
struct Cache {
  Cache(const Kernels &kernels, CacheType type, size_t head_size, size_t tokens)
      : head(head_size),
        count(tokens),
        keys(random_floats(tokens * 2 * head_size, 1)),
        values(random_floats(tokens * 2 * head_size, 2)),
        store(1, 2, head_size, type) {
    store.reserve(tokens);
    for (size_t t = 0; t < tokens; ++t) write(kernels, t);
  }
  void write(const Kernels &kernels, size_t token) {
    store.write(kernels, 0, token, keys.data() + token * 2 * head, values.data() + token * 2 * head);
  }
  size_t head, count;
  std::vector<float> keys, values;  // [count, 2, head]
  KeyValueStore store;
};

// Queries [rows, head_size], row r of them seeing limits[r] keys; `most` of them in one tile.
std::vector<float> attend(const Kernels &kernels, const Cache &cache, size_t cached_head,
                          const std::vector<float> &queries, const std::vector<size_t> &limits, size_t most) {
  std::vector<float> out(queries.size());
  std::vector<AttentionRows> tiles;
  for (size_t r = 0; r < limits.size(); ++r) {
    if (r % most == 0) tiles.emplace_back();
    AttentionRows &rows = tiles.back();
    std::copy_n(queries.data() + r * cache.head, cache.head, out.data() + r * cache.head);
    rows.queries[rows.count] = out.data() + r * cache.head;  // in place, as the model does
    rows.limits[rows.count] = limits[r];
    rows.outputs[rows.count++] = out.data() + r * cache.head;
  }
  Buffer<float> scratch;
  scratch.reserve(attention_scratch(cache.head, KeyValueStore::value_stride(cache.head)));
  for (size_t t = 0; t < tiles.size(); t += kAttentionTiles) {
    kernels.attend(tiles.data() + t, std::min(kAttentionTiles, tiles.size() - t), cache.store.blocks(0, cached_head),
                   scratch.data());
  }
  return out;
}

// The same in double precision, from what was written.
std::vector<float> attend_exactly(const Cache &cache, size_t cached_head, const std::vector<float> &queries,
                                  const std::vector<size_t> &limits) {
  const size_t head = cache.head;
  std::vector<float> out(queries.size());
  for (size_t r = 0; r < limits.size(); ++r) {
    double total = 0;
    std::vector<double> sums(head);
    for (size_t k = 0; k < limits[r]; ++k) {
      const size_t at = (k * 2 + cached_head) * head;
      double score = 0;
      for (size_t i = 0; i < head; ++i) score += double{queries[r * head + i]} * double{cache.keys[at + i]};
      const double weight = std::exp(score);
      total += weight;
      for (size_t i = 0; i < head; ++i) sums[i] += weight * double{cache.values[at + i]};
    }
    for (size_t i = 0; i < head; ++i) out[r * head + i] = static_cast<float>(sums[i] / total);
  }
  return out;
}

void check_at_most(const std::string &what, const Kernels &kernels, float value, float bound) {
  if (!(value <= bound))
    check::fail(__FILE__, __LINE__, std::string(kernels.name) + " " + what + ": " + std::to_string(value));
}

const std::vector<size_t> kLimits = {1, 64, 65, 128, 149, 150, 3, 77, 150, 150, 2, 63, 64};

std::vector<float> some_queries(size_t head) {
  std::vector<float> queries = random_floats(kLimits.size() * head, 3);
  for (float &value : queries) value /= std::sqrt(static_cast<float>(head));
  return queries;
}

}  // namespace

TEST(attention_is_near_the_exact_one) {
  for_each_table([](const Kernels &kernels) {
    for (const size_t head : {10, 16, 24, 64, 80, 128}) {
      for (const CacheType type : kTypes) {
        const Cache cache(kernels, type, head, 150);
        const auto queries = some_queries(head);
        const float bound = type == CacheType::f32 ? 2e-6f : type == CacheType::f16 ? 5e-4f : 1.2e-2f;
        const float error =
            relative_error(attend(kernels, cache, 1, queries, kLimits, 6), attend_exactly(cache, 1, queries, kLimits));
        check_at_most(name_of(type), kernels, error, bound);
      }
    }
  });
}

TEST(tables_agree_over_the_same_cache) {
  for_each_table([](const Kernels &kernels) {
    for (const size_t head : {10, 24, 64, 128}) {
      for (const CacheType type : kTypes) {
        const Cache cache(*plain_kernels(), type, head, 150);
        const auto queries = some_queries(head);
        const float error = relative_error(attend(kernels, cache, 0, queries, kLimits, 6),
                                           attend(*plain_kernels(), cache, 0, queries, kLimits, 6));
        // Where an int8 cache meets queries in int8 it is their rounding that differs.
        const bool rounds = type == CacheType::int8 && head % kCacheGroup == 0;
        check_at_most(name_of(type), kernels, error, rounds ? 5e-3f : 2e-6f);
      }
    }
  });
}

TEST(attention_does_not_depend_on_the_rows_beside_or_on_keys_beyond_the_limit) {
  for_each_table([](const Kernels &kernels) {
    for (const size_t head : {10, 24, 64, 128}) {
      for (const CacheType type : kTypes) {
        Cache cache(kernels, type, head, 200);
        const auto queries = some_queries(head);
        const auto together = attend(kernels, cache, 1, queries, kLimits, 6);
        CHECK(attend(kernels, cache, 1, queries, kLimits, 1) == together);
        CHECK(attend(kernels, cache, 1, queries, kLimits, 5) == together);
        // A session that forgets tokens writes others in their place.
        std::fill(cache.keys.begin(), cache.keys.end(), 9.0f);
        std::fill(cache.values.begin(), cache.values.end(), 9.0f);
        for (size_t t = 150; t < 200; ++t) cache.write(kernels, t);
        CHECK(attend(kernels, cache, 1, queries, kLimits, 6) == together);
        cache.write(kernels, 149);
        CHECK(attend(kernels, cache, 1, queries, kLimits, 6) != together);
      }
    }
  });
}

TEST(small_weights_beside_a_large_one_count) {
  for_each_table([](const Kernels &kernels) {
    const size_t head = 64, count = 256;
    Cache cache(kernels, CacheType::int8, head, count);
    // Key 0 takes 90 % of the weight and has small values; the others share the rest evenly.
    std::fill(cache.keys.begin(), cache.keys.end(), 0.0f);
    for (size_t i = 0; i < head; ++i) {
      cache.keys[head + i] = std::log(9.0f * (count - 1)) / head;
      cache.values[head + i] = 0.001f;
    }
    for (size_t t = 0; t < count; ++t) {
      for (size_t i = 0; t > 0 && i < head; ++i) cache.values[(2 * t + 1) * head + i] = 1;
      cache.write(kernels, t);
    }
    const std::vector<float> queries(head, 1.0f);
    const auto actual = attend(kernels, cache, 1, queries, {count}, 6);
    check_at_most("small weights", kernels, relative_error(actual, attend_exactly(cache, 1, queries, {count})), 2e-2f);
  });
}

TEST(what_is_no_number_in_the_cache_shows_in_the_rows_that_see_it) {
  for_each_table([](const Kernels &kernels) {
    for (const size_t head : {24, 64}) {
      for (const CacheType type : {CacheType::f32, CacheType::int8}) {
        for (const bool in_keys : {true, false}) {
          Cache cache(kernels, type, head, 150);
          const auto queries = some_queries(head);
          const auto whole = attend(kernels, cache, 1, queries, kLimits, 1);
          (in_keys ? cache.keys : cache.values)[(100 * 2 + 1) * head + 5] = NAN;
          cache.write(kernels, 100);
          const auto broken = attend(kernels, cache, 1, queries, kLimits, 1);
          for (size_t r = 0; r < kLimits.size(); ++r) {
            if (kLimits[r] > 100) CHECK(std::isnan(broken[r * head + 5]));
            for (size_t i = 0; i < head && kLimits[r] <= kKeyBlock; ++i)
              CHECK(broken[r * head + i] == whole[r * head + i]);
          }
        }
      }
    }
  });
}

TEST(halves_encode_to_the_nearest) {
  for_each_table([](const Kernels &kernels) {
    std::vector<float> values;
    for (uint32_t bits = 0; bits < 65536; ++bits) {
      const float value = float_of_f16(static_cast<uint16_t>(bits));
      if (std::isfinite(value)) values.push_back(value);
    }
    const auto random = random_floats(1000, 4);
    for (size_t i = 0; i < random.size(); ++i) {
      values.push_back(random[i] * std::pow(10.0f, static_cast<float>(i % 12) - 7));
    }
    values.insert(values.end(), {65519.0f, 65520.0f, -70000.0f, 1e30f, INFINITY, -INFINITY, NAN, 1 + 0x1p-11f});
    std::vector<uint16_t> halves(values.size());
    kernels.encode_f16(values.data(), reinterpret_cast<uint8_t *>(halves.data()), values.size());
    for (size_t i = 0; i < values.size(); ++i) {
      const float decoded = float_of_f16(halves[i]), value = values[i];
      CHECK_EQUAL(halves[i] & 0x7FFF, (std::isnan(value) ? halves[i] : f16_of_float(value)) & 0x7FFF);
      if (std::isnan(value)) {
        CHECK(std::isnan(decoded));
      } else if (std::fabs(value) > 65504) {
        CHECK_EQUAL(decoded, std::copysign(65504.0f, value));
      } else {
        CHECK(std::fabs(decoded - value) <= std::max(std::fabs(value) * 0x1p-11f, 0x1p-25f));
      }
    }
  });
}

TEST(int8_groups_hold_their_values_to_half_a_step) {
  for_each_table([](const Kernels &kernels) {
    for (const size_t count : {2, 16, 31, 32}) {
      for (unsigned seed = 0; seed < 50; ++seed) {
        auto values = random_floats(count, seed);
        for (float &value : values) value *= std::pow(10.0f, static_cast<float>(seed % 9) - 4);
        int8_t bytes[kCacheGroup + 1];
        bytes[count] = 77;
        const float scale = float_of_bf16(kernels.quantize_cached(values.data(), count, bytes));
        float largest = 0;
        for (const float value : values) largest = std::max(largest, std::fabs(value));
        CHECK(scale >= largest / 127.01f && scale <= largest / 127 * 1.01f);
        for (size_t i = 0; i < count; ++i) {
          CHECK(std::fabs(scale * static_cast<float>(bytes[i]) - values[i]) <= scale * 0.5001f);
        }
        CHECK_EQUAL(bytes[count], 77);
      }
    }
    const std::vector<float> zeros(kCacheGroup, 0.0f);
    int8_t bytes[kCacheGroup];
    CHECK_EQUAL(kernels.quantize_cached(zeros.data(), kCacheGroup, bytes), 0);
    CHECK(std::all_of(bytes, bytes + kCacheGroup, [](int8_t byte) { return byte == 0; }));
    for (const float broken : {NAN, INFINITY}) {
      auto values = zeros;
      values[5] = broken;
      CHECK(std::isnan(float_of_bf16(kernels.quantize_cached(values.data(), kCacheGroup, bytes))));
    }
  });
}

TEST(models_with_smaller_caches_stay_near_those_in_floats) {
  if (!is_cpu_engine()) return;
  for (const std::string &kernels : available_kernels()) {
    const UseKernels use(kernels);
    // Int8 stands for inputs of products as well.
    for (const auto &[name, bound] : {std::pair<const char *, float>{"f16", 1e-3f},
                                      {"sharded-bf16", 1e-2f},  // inputs in bfloat16 too, where the kernels have it
                                      {"mlx-q8-g64", 4e-2f},
                                      {"mlx-q4-g32", 4e-2f}}) {
      brv_open_options floats{};
      floats.activations = BRV_ACTIVATIONS_FLOAT;
      const Goldens goldens(fixture(name));
      const auto expected = batch_logits(open_model(fixture(name), floats), goldens.batch());
      const auto actual = batch_logits(open_model(fixture(name)), goldens.batch());
      const float error = relative_error(actual, expected);
      std::printf("     %s %s: relative error %.5f\n", kernels.c_str(), name, error);
      CHECK(error > 0 && error < bound);
    }
  }
}
