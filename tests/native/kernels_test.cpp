// Every table of kernels against the plain one, and the rule that a value does not depend on what is computed beside
// it.
#include "ops/kernels.h"

#include <algorithm>
#include <cstring>
#include <random>

#include "ops/buffer.h"
#include "ops/half.h"
#include "table_checks.h"

using namespace brevis;

namespace {

const Kernels &plain() {
  return *plain_kernels();
}
const uint8_t *bytes_of(const std::vector<float> &values) {
  return reinterpret_cast<const uint8_t *>(values.data());
}

struct Quantized {
  Quantized(const Kernels &kernels, const std::vector<float> &input, size_t tokens, size_t columns, size_t group,
            int bits)
      : values(tokens * columns), scales(tokens * columns / group), sums(scales.size()) {
    for (size_t t = 0; t < tokens; t += kernels.token_tile) {
      kernels.quantize_tile(input.data() + t * columns, std::min(kernels.token_tile, tokens - t), columns, group,
                            bits == 4, values.data() + t * columns, scales.data() + t * columns / group,
                            sums.data() + t * columns / group);
    }
    view = {values.data(), scales.data(), sums.data(), tokens, columns, group};
  }
  std::vector<int8_t> values;
  std::vector<float> scales, sums;
  QuantizedTokens view;
};

struct Panel {
  Panel(size_t rows, size_t columns, size_t group, int bits, ScaleType type, unsigned seed) {
    std::mt19937 generator(seed);
    weights.resize(rows * columns * static_cast<size_t>(bits) / 8);
    for (uint8_t &byte : weights) byte = static_cast<uint8_t>(generator());
    const size_t count = columns / group * kPanelRows, size = type == ScaleType::f32 ? 4 : 2;
    scales.resize(count * size);
    biases.resize(count * size);
    for (size_t i = 0; i < count; ++i) {
      const float value = 0.01f + 0.001f * static_cast<float>(i % 7);
      write(scales, i, type, value);
      write(biases, i, type, -value * 4);
    }
    view = {weights.data(), columns * static_cast<size_t>(bits) / 8, rows, bits, type, scales.data(), biases.data()};
  }
  static void write(std::vector<uint8_t> &to, size_t i, ScaleType type, float value) {
    uint32_t bits;
    std::memcpy(&bits, &value, 4);
    // Cut to bfloat16, which is exact in all three types' tests; f16: 1.5 * 2^-k patterns.
    const uint16_t half = type == ScaleType::bf16
                              ? static_cast<uint16_t>(bits >> 16)
                              : static_cast<uint16_t>(0x2000 + (bits >> 16) % 512 + (bits >> 31) * 0x8000);
    if (type == ScaleType::f32)
      std::memcpy(to.data() + 4 * i, &value, 4);
    else
      std::memcpy(to.data() + 2 * i, &half, 2);
  }
  std::vector<uint8_t> weights, scales, biases;
  QuantizedPanel view;
};

std::vector<float> multiply(const Kernels &kernels, const Panel &panel, const QuantizedTokens &tokens) {
  std::vector<float> out(tokens.tokens * kPanelRows);
  Buffer<uint8_t> scratch;
  const bool done = tokens.tokens == 1 && kernels.multiply_single != nullptr &&
                    kernels.multiply_single(panel.view, tokens, out.data());
  if (done) return out;
  kernels.unpack_panel(panel.view, tokens.columns, scratch.reserve(kPanelRows * tokens.columns));
  kernels.multiply_unpacked(panel.view, scratch.data(), tokens, out.data(), kPanelRows);
  return out;
}

// Two panels in one call give the bits of each alone, for every number of tokens up to the given one.
void check_pair(const Kernels &kernels, const Panel &first, const Panel &second, const std::vector<float> &input,
                size_t most, size_t columns, size_t group) {
  if (kernels.multiply_pair == nullptr) return;
  const Panel *panels[] = {&first, &second};
  for (size_t tokens = 1; tokens <= most; ++tokens) {
    const Quantized quantized(kernels, input, tokens, columns, group, first.view.bits);
    std::vector<float> outputs[2];
    Buffer<uint8_t> unpacked[2];
    PanelProduct pair[2];
    for (size_t p = 0; p < 2; ++p) {
      outputs[p].resize(tokens * kPanelRows);
      kernels.unpack_panel(panels[p]->view, columns, unpacked[p].reserve(kPanelRows * columns));
      pair[p] = {panels[p]->view, unpacked[p].data(), outputs[p].data(), kPanelRows};
    }
    kernels.multiply_pair(pair, quantized.view);
    for (size_t p = 0; p < 2; ++p) CHECK(outputs[p] == multiply(kernels, *panels[p], quantized.view));
  }
}

void check_close(const char *what, const Kernels &kernels, const std::vector<float> &a, const std::vector<float> &b,
                 float tolerance) {
  const float difference = largest_difference(a.data(), b.data(), a.size());
  if (!(difference <= tolerance))
    check::fail(__FILE__, __LINE__, std::string(kernels.name) + " " + what + ": " + std::to_string(difference));
}

}  // namespace

TEST(halves_decode_exactly) {
  for_each_table([](const Kernels &kernels) {
    std::vector<uint8_t> bytes(65536 * 2);
    for (size_t i = 0; i < 65536; ++i) {
      const uint16_t bits = static_cast<uint16_t>(i);
      std::memcpy(bytes.data() + 2 * i, &bits, 2);
    }
    // 3 fewer: a tail that fills no vector.
    std::vector<float> a(65533), b(65533);
    for (auto decode : {&Kernels::decode_f16, &Kernels::decode_bf16}) {
      (kernels.*decode)(bytes.data(), a.data(), a.size());
      (plain().*decode)(bytes.data(), b.data(), b.size());
      for (size_t i = 0; i < a.size(); ++i) CHECK(a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i])));
    }
  });
}

TEST(dot_products_agree_and_do_not_depend_on_the_batch) {
  for_each_table([](const Kernels &kernels) {
    for (const size_t columns : {1, 7, 16, 40, 67, 256}) {
      const size_t rows = 13, tokens = 15;
      const auto weights = random_floats(rows * columns, 1), inputs = random_floats(tokens * columns, 2);
      std::vector<float> all(tokens * rows), expected(all), alone(rows);
      kernels.dot_rows(bytes_of(weights), columns * 4, rows, inputs.data(), columns, tokens, columns, all.data(), rows);
      plain().dot_rows(bytes_of(weights), columns * 4, rows, inputs.data(), columns, tokens, columns, expected.data(),
                       rows);
      check_close("dot_rows", kernels, all, expected, 1e-4f);
      for (size_t t = 0; t < tokens; ++t) {
        kernels.dot_rows(bytes_of(weights), columns * 4, rows, inputs.data() + t * columns, columns, 1, columns,
                         alone.data(), rows);
        CHECK(std::equal(alone.begin(), alone.end(), all.begin() + static_cast<std::ptrdiff_t>(t * rows)));
      }
    }
  });
}

TEST(bf16_products_are_near_and_do_not_depend_on_the_batch) {
  for_each_table([](const Kernels &kernels) {
    if (kernels.dot_rows_bf16 == nullptr) return;
    for (const size_t columns : {1, 7, 32, 40, 67, 256}) {
      const size_t rows = 13, tokens = 15;
      const auto floats = random_floats(rows * columns, 1), inputs = random_floats(tokens * columns, 2);
      std::vector<uint16_t> weights(floats.size()), halves(inputs.size());
      kernels.round_bf16(floats.data(), weights.data(), floats.size());
      kernels.round_bf16(inputs.data(), halves.data(), inputs.size());
      // What is left of the floats, so that only the order of sums differs.
      std::vector<float> rounded_weights(floats.size()), rounded_inputs(inputs.size());
      plain().decode_bf16(reinterpret_cast<const uint8_t *>(weights.data()), rounded_weights.data(), floats.size());
      plain().decode_bf16(reinterpret_cast<const uint8_t *>(halves.data()), rounded_inputs.data(), inputs.size());
      for (size_t i = 0; i < floats.size(); ++i) {
        CHECK(std::fabs(rounded_weights[i] - floats[i]) <= std::fabs(floats[i]) * 0x1p-8f);
      }
      std::vector<float> all(tokens * rows), expected(all), alone(rows);
      const auto *bytes = reinterpret_cast<const uint8_t *>(weights.data());
      kernels.dot_rows_bf16(bytes, columns * 2, rows, halves.data(), columns, tokens, columns, all.data(), rows);
      plain().dot_rows(bytes_of(rounded_weights), columns * 4, rows, rounded_inputs.data(), columns, tokens, columns,
                       expected.data(), rows);
      check_close("dot_rows_bf16", kernels, all, expected, 1e-4f);
      for (size_t t = 0; t < tokens; ++t) {
        for (size_t r = 0; r < rows; ++r) {
          kernels.dot_rows_bf16(bytes + r * columns * 2, columns * 2, 1, halves.data() + t * columns, columns, 1,
                                columns, &alone[r], rows);
        }
        CHECK(std::equal(alone.begin(), alone.end(), all.begin() + static_cast<std::ptrdiff_t>(t * rows)));
      }
    }
    const float broken[] = {NAN, INFINITY};
    uint16_t halves[2];
    kernels.round_bf16(broken, halves, 2);
    CHECK(std::isnan(float_of_bf16(halves[0])) && std::isinf(float_of_bf16(halves[1])));
  });
}

TEST(elementwise_kernels_agree) {
  for_each_table([](const Kernels &kernels) {
    for (const size_t count : {2, 24, 37, 128}) {
      auto a = random_floats(count, 3), b = a;
      const auto weight = random_floats(count, 4);
      kernels.rms_norm(a.data(), weight.data(), 1e-6f, count, a.data());
      plain().rms_norm(b.data(), weight.data(), 1e-6f, count, b.data());
      check_close("rms_norm", kernels, a, b, 1e-5f);
      a[0] = b[0] = -200;
      a[1] = b[1] = 200;
      kernels.silu_multiply(a.data(), count, weight.data(), count, 1, count);
      plain().silu_multiply(b.data(), count, weight.data(), count, 1, count);
      check_close("silu_multiply", kernels, a, b, 1e-4f);
      kernels.rotate(a.data(), weight.data(), weight.data(), count / 2);
      plain().rotate(b.data(), weight.data(), weight.data(), count / 2);
      check_close("rotate", kernels, a, b, 1e-3f);
      kernels.add_scaled(a.data(), weight.data(), 0.5f, count);
      plain().add_scaled(b.data(), weight.data(), 0.5f, count);
      check_close("add_scaled", kernels, a, b, 1e-3f);
    }
  });
}

TEST(quantized_rows_agree) {
  for_each_table([](const Kernels &kernels) {
    for (const int bits : {8, 4}) {
      for (const size_t group : {8, 24, 32, 64, 128}) {
        const auto input = random_floats(group * 3, 5);
        const Quantized a(kernels, input, 1, group * 3, group, bits), b(plain(), input, 1, group * 3, group, bits);
        CHECK(a.values == b.values);
        check_close("scales", kernels, a.scales, b.scales, 1e-7f);
        check_close("sums", kernels, a.sums, b.sums, 1e-4f);
      }
    }
  });
}

TEST(quantized_rows_of_zeros_and_of_what_is_not_a_number) {
  for_each_table([](const Kernels &kernels) {
    std::vector<float> input(64, 0.0f);
    CHECK_EQUAL(Quantized(kernels, input, 1, 64, 32, 8).scales[0], 0.0f);
    input[40] = NAN;
    const Quantized nan(kernels, input, 1, 64, 32, 8);
    CHECK(nan.scales[0] == 0 && std::isnan(nan.scales[1]) && std::isnan(nan.sums[1]));
    input[40] = INFINITY;
    CHECK(!std::isfinite(Quantized(kernels, input, 1, 64, 32, 8).scales[1]));
  });
}

TEST(quantized_products_agree_and_do_not_depend_on_the_batch) {
  for_each_table([](const Kernels &kernels) {
    for (const int bits : {4, 8}) {
      for (const ScaleType type : {ScaleType::f32, ScaleType::f16, ScaleType::bf16}) {
        for (const auto &[columns, group] : {std::pair<size_t, size_t>{64, 64},
                                             {96, 32},
                                             {160, 32},
                                             {128, 128},
                                             {48, 8},
                                             {72, 24},
                                             {256, 32},
                                             {256, 64},
                                             {256, 128},
                                             {1024, 32},
                                             {3072, 64}}) {
          for (const size_t rows : {16, 5}) {
            const size_t tokens = 30;
            const auto input = random_floats(tokens * columns, 6);
            const Panel panel(rows, columns, group, bits, type, 9);
            if (columns <= 256)
              check_pair(kernels, Panel(16, columns, group, bits, type, 10), panel, input, 30, columns, group);
            const Quantized quantized(kernels, input, tokens, columns, group, bits);
            const Quantized reference(plain(), input, tokens, columns, group, bits);
            const auto all = multiply(kernels, panel, quantized.view),
                       expected = multiply(plain(), panel, reference.view);
            for (size_t t = 0; t < tokens; ++t) {
              const std::vector<float> row(input.begin() + static_cast<std::ptrdiff_t>(t * columns),
                                           input.begin() + static_cast<std::ptrdiff_t>((t + 1) * columns));
              const Quantized one(kernels, row, 1, columns, group, bits);
              const auto alone = multiply(kernels, panel, one.view);
              for (size_t r = 0; r < rows; ++r) {
                CHECK(std::fabs(all[t * 16 + r] - expected[t * 16 + r]) <=
                      1e-3f * (1 + std::fabs(expected[t * 16 + r])));
                CHECK(alone[r] == all[t * 16 + r]);
              }
            }
          }
        }
      }
    }
  });
}

namespace {

// Keys and values [count, head_size] as one table packs them.
struct PackedKeyValues {
  PackedKeyValues(const Kernels &kernels, const std::vector<float> &keys, const std::vector<float> &values,
                  size_t count, size_t head) {
    const size_t blocks = (count + kKeyBlock - 1) / kKeyBlock;
    view = {key_bytes.reserve(blocks * kKeyBlock * head),
            key_scales.reserve(head),
            value_bytes.reserve(blocks * kKeyBlock * head),
            value_scales.reserve(head),
            count,
            head};
    kernels.scale_int8_columns(keys.data(), values.data(), head, view);
    for (size_t b = 0; b < blocks; ++b) {
      const size_t first = b * kKeyBlock * head;
      kernels.pack_int8_block(keys.data() + first, values.data() + first, head, b, view);
    }
  }
  Buffer<uint8_t> key_bytes;
  Buffer<int8_t> value_bytes;
  Buffer<float> key_scales, value_scales;
  Int8KeyValues view;
};

// outputs [rows, head_size]; up to kAttentionRows rows at once.
std::vector<float> attend_int8(const Kernels &kernels, const std::vector<float> &queries, const Int8KeyValues &kv) {
  const size_t head = kv.head_size;
  std::vector<float> out(queries.size());
  Buffer<float> scratch;
  scratch.reserve(kAttentionRows * (kKeyBlock + 2 * head));
  AttentionRows rows{};
  rows.count = queries.size() / head;
  for (size_t r = 0; r < rows.count; ++r) {
    rows.queries[r] = queries.data() + r * head;
    rows.outputs[r] = out.data() + r * head;
    rows.limits[r] = kv.count;
  }
  kernels.attend_int8(rows, kv, scratch.data());
  return out;
}

// The same in double precision.
std::vector<float> attend_exactly(const std::vector<float> &queries, const std::vector<float> &keys,
                                  const std::vector<float> &values, size_t count, size_t head) {
  std::vector<float> out(queries.size());
  for (size_t r = 0; r < queries.size() / head; ++r) {
    std::vector<double> scores(count), sums(head);
    for (size_t k = 0; k < count; ++k) {
      for (size_t i = 0; i < head; ++i) scores[k] += double{queries[r * head + i]} * double{keys[k * head + i]};
    }
    const double largest = *std::max_element(scores.begin(), scores.end());
    double total = 0;
    for (size_t k = 0; k < count; ++k) {
      const double weight = std::exp(scores[k] - largest);
      total += weight;
      for (size_t i = 0; i < head; ++i) sums[i] += weight * double{values[k * head + i]};
    }
    for (size_t i = 0; i < head; ++i) out[r * head + i] = static_cast<float>(sums[i] / total);
  }
  return out;
}

}  // namespace

TEST(int8_attention_is_near_the_exact_one_and_does_not_depend_on_the_rows_beside) {
  for_each_table([](const Kernels &kernels) {
    if (kernels.attend_int8 == nullptr) return;
    for (const size_t head : {16, 48, 64, 128}) {
      for (const size_t count : {1, 63, 64, 65, 150}) {
        auto queries = random_floats(kAttentionRows * head, 40);
        const auto keys = random_floats(count * head, 41);
        auto values = random_floats(count * head, 42);
        // Columns of very different sizes, and one row whose weights sit on few keys.
        for (size_t i = 0; i < values.size(); ++i) values[i] *= 1 + 20 * static_cast<float>(i % head == 3);
        for (float &query : queries) query /= std::sqrt(static_cast<float>(head));
        for (size_t i = 0; i < head; ++i) queries[i] *= 3;
        const PackedKeyValues packed(kernels, keys, values, count, head);
        const auto together = attend_int8(kernels, queries, packed.view);
        const float error = relative_error(together, attend_exactly(queries, keys, values, count, head));
        if (!(error <= 0.05f)) {
          check::fail(
              __FILE__, __LINE__,
              "head " + std::to_string(head) + ", " + std::to_string(count) + " keys: " + std::to_string(error));
        }
        for (size_t r = 0; r < kAttentionRows; ++r) {
          const auto begin = queries.begin() + static_cast<std::ptrdiff_t>(r * head);
          const auto alone = attend_int8(kernels, {begin, begin + static_cast<std::ptrdiff_t>(head)}, packed.view);
          CHECK(std::equal(alone.begin(), alone.end(), together.begin() + static_cast<std::ptrdiff_t>(r * head)));
        }
      }
    }
  });
}

TEST(int8_attention_keeps_what_is_not_a_number_visible) {
  for_each_table([](const Kernels &kernels) {
    if (kernels.attend_int8 == nullptr) return;
    const size_t head = 32, count = 70;
    const auto queries = random_floats(2 * head, 43), keys = random_floats(count * head, 44);
    const auto values = random_floats(count * head, 45);
    for (const float wrong : {NAN, INFINITY}) {
      auto broken_queries = queries, broken_keys = keys, broken_values = values;
      broken_queries[3] = broken_keys[66 * head + 5] = broken_values[10 * head + 7] = wrong;
      const PackedKeyValues good(kernels, keys, values, count, head);
      const auto of_query = attend_int8(kernels, broken_queries, good.view);
      CHECK(!std::isfinite(of_query[0]) && std::isfinite(of_query[head]));
      const PackedKeyValues with_keys(kernels, broken_keys, values, count, head);
      CHECK(!std::isfinite(attend_int8(kernels, queries, with_keys.view)[0]));
      const PackedKeyValues with_values(kernels, keys, broken_values, count, head);
      CHECK(!std::isfinite(attend_int8(kernels, queries, with_values.view)[7]));
    }
  });
}
