// A panel of quantized weights times int8 tokens. The including file has multiply_group: for a tile of TOKENS tokens
// and one group, products[token][part] = exact integer sums, as floats, of rows part * kLanes .. part * kLanes + kLanes
// - 1.

constexpr size_t kParts = kPanelRows / kLanes;
constexpr size_t kTokenTile = 4;

template <size_t TOKENS>
void multiply_tile(const QuantizedPanel &panel, const QuantizedTokens &tokens, size_t first, const uint8_t *unpacked,
                   float *out, size_t out_stride) {
  const size_t groups = tokens.columns / tokens.group;
  const int8_t *values = tokens.values + first * tokens.columns;
  const float *token_scales = tokens.scales + first * groups, *scaled_sums = tokens.scaled_sums + first * groups;
  Vector sums[TOKENS][kParts] = {};
  for (size_t g = 0; g < groups; ++g) {
    Vector products[TOKENS][kParts];
    multiply_group<TOKENS>(unpacked + g * tokens.group * kPanelRows, values + g * tokens.group * TOKENS, tokens.group,
                           products);
    float scales[kPanelRows], biases[kPanelRows];
    read_scales(panel.scale_type, panel.scales, g, scales);
    read_scales(panel.scale_type, panel.biases, g, biases);
    for (size_t t = 0; t < TOKENS; ++t) {
      for (size_t p = 0; p < kParts; ++p) {
        sums[t][p] += (products[t][p] * token_scales[g * TOKENS + t]) * load(scales + p * kLanes);
        sums[t][p] += load(biases + p * kLanes) * scaled_sums[g * TOKENS + t];
      }
    }
  }
  for (size_t t = 0; t < TOKENS; ++t) std::memcpy(out + (first + t) * out_stride, sums[t], panel.rows * sizeof(float));
}

void multiply_unpacked(const QuantizedPanel &panel, const uint8_t *unpacked, const QuantizedTokens &tokens, float *out,
                       size_t out_stride) {
  for (size_t t = 0; t < tokens.tokens; t += kTokenTile) {
    switch (tokens.tokens - t) {
      case 1:
        multiply_tile<1>(panel, tokens, t, unpacked, out, out_stride);
        break;
      case 2:
        multiply_tile<2>(panel, tokens, t, unpacked, out, out_stride);
        break;
      case 3:
        multiply_tile<3>(panel, tokens, t, unpacked, out, out_stride);
        break;
      default:
        multiply_tile<4>(panel, tokens, t, unpacked, out, out_stride);
        break;
    }
  }
}
