// A panel of quantized weights times int8 tokens. The including file has multiply_group: for TOKENS tokens and one group,
// products[token][part] = exact integer sums, as floats, of rows part * kLanes .. part * kLanes + kLanes - 1.

constexpr size_t kParts = kPanelRows / kLanes;

template <size_t TOKENS>
void multiply_tile(const QuantizedPanel &panel, const QuantizedTokens &tokens, size_t first, const uint8_t *unpacked,
                   float *out, size_t out_stride) {
  const size_t groups = tokens.columns / tokens.group;
  const int8_t *values = tokens.values + first * tokens.columns;
  Vector sums[TOKENS][kParts] = {};
  for (size_t g = 0; g < groups; ++g) {
    Vector products[TOKENS][kParts];
    multiply_group<TOKENS>(unpacked + g * tokens.group * kPanelRows, values + g * tokens.group, tokens.columns,
                           tokens.group, products);
    float scales[kPanelRows], biases[kPanelRows];
    read_scales(panel.scale_type, panel.scales, g, scales);
    read_scales(panel.scale_type, panel.biases, g, biases);
    for (size_t t = 0; t < TOKENS; ++t) {
      const float scale = tokens.scales[(first + t) * groups + g], scaled_sum = tokens.scaled_sums[(first + t) * groups + g];
      for (size_t p = 0; p < kParts; ++p) {
        sums[t][p] += (products[t][p] * scale) * load(scales + p * kLanes);
        sums[t][p] += load(biases + p * kLanes) * scaled_sum;
      }
    }
  }
  for (size_t t = 0; t < TOKENS; ++t) std::memcpy(out + (first + t) * out_stride, sums[t], panel.rows * sizeof(float));
}

void multiply_panel(const QuantizedPanel &panel, const QuantizedTokens &tokens, uint8_t *scratch, float *out,
                    size_t out_stride) {
  constexpr size_t kTile = 4;
  unpack_panel(panel, tokens.columns, scratch);
  size_t t = 0;
  for (; t + kTile <= tokens.tokens; t += kTile) multiply_tile<kTile>(panel, tokens, t, scratch, out, out_stride);
  for (; t < tokens.tokens; ++t) multiply_tile<1>(panel, tokens, t, scratch, out, out_stride);
}
