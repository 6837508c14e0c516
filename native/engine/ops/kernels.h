// The arithmetic that is worth writing once for each instruction set, behind one table of functions chosen at run time.
//
// Every table computes each output value by a sequence of operations that depends only on that value's own inputs,
// never on how many tokens or rows are computed together. So prefill, decode, batches and thread counts give the same
// bits.
#pragma once

#include <cstddef>
#include <cstdint>

namespace brevis {

// Rows of a weight matrix that one step of a matrix product works on.
constexpr size_t kPanelRows = 16;
// Keys in one block of the KV cache; attention goes over keys block by block.
constexpr size_t kKeyBlock = 64;
// Query rows that attention takes together at most.
constexpr size_t kAttentionRows = 6;
// Groups of so many rows that one call of attention takes at most.
constexpr size_t kAttentionTiles = 8;
// Columns of a key or value that share a scale in an int8 cache.
constexpr size_t kCacheGroup = 32;
constexpr size_t cache_groups(size_t head_size) {
  return (head_size + kCacheGroup - 1) / kCacheGroup;
}

enum class ScaleType { f32, f16, bf16 };
// How the KV cache holds numbers; int8 with a scale for each token and kCacheGroup columns.
enum class CacheType { f32, f16, int8 };

// Tokens as int8 for products with quantized weights: value = scales[group] * values.
// They lie in tiles of Kernels::token_tile tokens, the last one perhaps shorter; a tile of n tokens holds values
// [columns / 4][n][4] and scales [groups][n]. For 4-bit weights each run of 8 values is stored evens first, then odds,
// as unpacking nibbles yields them.
struct QuantizedTokens {
  const int8_t *values;
  const float *scales;
  const float *scaled_sums;  // like scales: scale * (sum of the group's values), for the weights' biases
  size_t tokens, columns, group;
};

// One panel of an affine-quantized matrix: weight = scale * q + bias, one scale and bias a row and group.
struct QuantizedPanel {
  const uint8_t *weights;  // row 0 of the panel; rows follow each other every row_bytes
  size_t row_bytes;
  size_t rows;  // 1..kPanelRows
  int bits;     // 4 or 8
  ScaleType scale_type;
  const uint8_t *scales;  // [groups, kPanelRows] of scale_type
  const uint8_t *biases;  // the same
};

// One panel's part of a product: out[token * out_stride + row].
struct PanelProduct {
  QuantizedPanel panel;
  const uint8_t *unpacked;  // as Kernels::unpack_panel leaves it
  float *out;
  size_t out_stride;
};

// One tile of attention: up to kAttentionRows query rows that share their keys and values (heads of one group, or
// positions).
struct AttentionRows {
  size_t count;
  const float *queries[kAttentionRows];  // [head_size] each, already scaled
  size_t limits[kAttentionRows];         // keys that the row sees: 0..limit-1
  float *outputs[kAttentionRows];        // [head_size] each; may be where the row's query is
};

// Keys and values of one head: block b holds keys b*64 .. b*64+63. Offsets are bytes from a block's start.
struct KeyValueBlocks {
  const uint8_t *const *blocks;
  CacheType type;
  size_t head_size;
  size_t value_stride;  // head_size rounded up to 16; the rest is zero
  size_t keys;          // [head_size, kKeyBlock]
  size_t values;        // [kKeyBlock, value_stride]
  size_t key_scales;    // int8 only, bfloat16: [cache_groups(head_size), kKeyBlock]
  size_t value_scales;  // the same
};

// Floats of scratch memory for one call of attention: scores, a block, and the rows' sums.
constexpr size_t attention_scratch(size_t head_size, size_t value_stride) {
  return kAttentionRows * kKeyBlock + kKeyBlock * (head_size + value_stride) +
         kAttentionTiles * kAttentionRows * value_stride;
}

// Keys and values of one head of one whole sequence as int8, for bidirectional attention, in blocks of kKeyBlock keys.
// Each column has one scale for the whole sequence; one that is not a number makes the outputs such.
struct Int8KeyValues {
  uint8_t *keys;        // [blocks, head_size / 4, kKeyBlock, 4], each + 128
  float *key_scales;    // [head_size]
  int8_t *values;       // [blocks, kKeyBlock / 4, head_size, 4]: four keys' values side by side; absent ones zero
  float *value_scales;  // [head_size]
  size_t count;         // keys
  size_t head_size;     // a multiple of 16
};

struct Kernels {
  const char *name;

  void (*decode_f16)(const uint8_t *values, float *out, size_t count);
  void (*decode_bf16)(const uint8_t *values, float *out, size_t count);

  // out[token * out_stride + row] = dot(weights[row], inputs[token]) over `columns`. Weights are float32 of any
  // alignment.
  void (*dot_rows)(const uint8_t *weights, size_t row_bytes, size_t rows, const float *inputs, size_t input_stride,
                   size_t tokens, size_t columns, float *out, size_t out_stride);

  // out = input * weight / root mean square. May work in place.
  void (*rms_norm)(const float *input, const float *weight, float epsilon, size_t count, float *out);
  // Rotates pairs (head[i], head[i + half]) by the angles whose cosines and sines are given.
  void (*rotate)(float *head, const float *cosines, const float *sines, size_t half);
  // gate = silu(gate) * up, for rows of `columns` values.
  void (*silu_multiply)(float *gate, size_t gate_stride, const float *up, size_t up_stride, size_t rows,
                        size_t columns);
  // sum += scale * term
  void (*add_scaled)(float *sum, const float *term, float scale, size_t count);

  size_t token_tile;
  // One tile of `tokens` <= token_tile rows [tokens, columns] to int8; `interleave` for products with 4-bit weights. A
  // row that is not finite gives scales that are not.
  void (*quantize_tile)(const float *input, size_t tokens, size_t columns, size_t group, bool interleave,
                        int8_t *values, float *scales, float *scaled_sums);
  // The panel's weights as bytes in the tokens' order: unpacked[columns / 4][kPanelRows][4], aligned to 64.
  void (*unpack_panel)(const QuantizedPanel &panel, size_t columns, uint8_t *unpacked);
  // out[token * out_stride + row] for the panel's rows; of the panel only scales and biases are read.
  void (*multiply_unpacked)(const QuantizedPanel &panel, const uint8_t *unpacked, const QuantizedTokens &tokens,
                            float *out, size_t out_stride);
  // The same for one token, straight from the panel, with the same bits. False where the panel's shape does not allow
  // it; null where the instruction set brings nothing for it.
  bool (*multiply_single)(const QuantizedPanel &panel, const QuantizedTokens &token, float *out);

  // outputs = softmax(queries . keys) . values, for `count` <= kAttentionTiles tiles. A block is decoded once for all
  // of them. `scratch` holds attention_scratch() floats, aligned to 64.
  void (*attend)(const AttentionRows *tiles, size_t count, const KeyValueBlocks &keys_values, float *scratch);
  // Floats to halves: the nearest one, the largest one for what is beyond it.
  void (*encode_f16)(const float *values, uint8_t *out, size_t count);
  // Up to kCacheGroup floats to int8, for the cache; gives their scale as bfloat16. No number where one is not finite.
  uint16_t (*quantize_cached)(const float *values, size_t count, int8_t *out);

  // The same with int8, all keys seen by all rows; null where the instruction set brings nothing for it.
  // First the columns' scales, from all keys and values: [count, stride] floats each.
  void (*scale_int8_columns)(const float *keys, const float *values, size_t stride, const Int8KeyValues &packed);
  // Then the blocks. keys and values: [kKeyBlock or fewer, stride] floats of the block's first key on.
  void (*pack_int8_block)(const float *keys, const float *values, size_t stride, size_t block,
                          const Int8KeyValues &packed);
  // `scratch` holds kAttentionRows * (kKeyBlock + 2 * head_size) floats.
  void (*attend_int8)(const AttentionRows &rows, const Int8KeyValues &keys_values, float *scratch);

  // dot_rows with weights and inputs in bfloat16, and what rounds inputs to it, to the nearest; null where the
  // instruction set brings nothing for it.
  void (*dot_rows_bf16)(const uint8_t *weights, size_t row_bytes, size_t rows, const uint16_t *inputs,
                        size_t input_stride, size_t tokens, size_t columns, float *out, size_t out_stride) = nullptr;
  void (*round_bf16)(const float *values, uint16_t *out, size_t count) = nullptr;

  // multiply_unpacked for two panels of matrices with the same columns and groups, with the same bits; null where the
  // instruction set gains nothing by it.
  void (*multiply_pair)(const PanelProduct (&pair)[2], const QuantizedTokens &tokens) = nullptr;
};

// The best table that this machine runs. BREVIS_KERNELS=plain|avx2|avx512|avx512-bf16|neon|neon-i8mm asks for one by
// name; one that is unknown or not supported here is ignored.
const Kernels &best_kernels();
// The table of that name, or null where this build or machine has none.
const Kernels *find_kernels(const char *name);

// One table a source file; null where the file is compiled for another architecture.
const Kernels *plain_kernels();
const Kernels *avx2_kernels();
const Kernels *avx512_kernels();
const Kernels *avx512_bf16_kernels();
const Kernels *neon_kernels();
const Kernels *neon_i8mm_kernels();

}  // namespace brevis
