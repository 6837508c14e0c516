// One token times a panel of 16 rows, straight from the file's layout: no unpacked copy, so that decoding runs at the
// speed of memory. Integer sums are exact, so the result has the bits of multiply_tile.

// Adds neighbouring dwords of two vectors: lane l of the result holds two sums of a's lane l, interleaved with two of
// b's.
inline __m512i add_pairs_32(__m512i a, __m512i b) {
  return _mm512_add_epi32(_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
}
inline __m512i add_pairs_64(__m512i a, __m512i b) {
  return _mm512_add_epi32(_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b));
}

// sums[r] holds row r's products in 4 lanes of 128 bits. Each lane is summed; quads[i] then holds rows 4i..4i+3, lane
// by lane.
inline void add_within_lanes(const __m512i (&sums)[16], __m512i (&quads)[4]) {
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    // Pairs as (0, 2) and (1, 3), so that the second step brings rows into order.
    const __m512i even = add_pairs_32(sums[4 * i], sums[4 * i + 2]),
                  odd = add_pairs_32(sums[4 * i + 1], sums[4 * i + 3]);
    quads[i] = add_pairs_32(even, odd);
  }
}

// The sum of all four lanes, of lanes 0-1 and 2-3, or each lane alone: one vector of 16 rows a group.
template <int LANES>
inline void gather_groups(const __m512i (&quads)[4], __m512i (&groups)[4 / LANES]) {
  const __m512i low_even = _mm512_shuffle_i32x4(quads[0], quads[1], 0x88),
                low_odd = _mm512_shuffle_i32x4(quads[0], quads[1], 0xDD);
  const __m512i high_even = _mm512_shuffle_i32x4(quads[2], quads[3], 0x88),
                high_odd = _mm512_shuffle_i32x4(quads[2], quads[3], 0xDD);
  if constexpr (LANES == 1) {
    groups[0] = _mm512_shuffle_i32x4(low_even, high_even, 0x88);
    groups[1] = _mm512_shuffle_i32x4(low_odd, high_odd, 0x88);
    groups[2] = _mm512_shuffle_i32x4(low_even, high_even, 0xDD);
    groups[3] = _mm512_shuffle_i32x4(low_odd, high_odd, 0xDD);
  } else {
    const __m512i low = _mm512_add_epi32(low_even, low_odd), high = _mm512_add_epi32(high_even, high_odd);
    const __m512i first = _mm512_shuffle_i32x4(low, high, 0x88), second = _mm512_shuffle_i32x4(low, high, 0xDD);
    if constexpr (LANES == 2) {
      groups[0] = first;
      groups[1] = second;
    } else {
      groups[0] = _mm512_add_epi32(first, second);
    }
  }
}

// 64 bytes of each row at `offset`: 64 products of 8 bits, or 128 of 4.
template <int BITS>
inline void add_unit(const QuantizedPanel &panel, size_t offset, const int8_t *values, __m512i (&sums)[16]) {
  const uint8_t *at = panel.weights + offset;
  const __m512i first = _mm512_loadu_si512(values);
  if constexpr (BITS == 8) {
#pragma GCC unroll 16
    for (size_t r = 0; r < 16; ++r) {
      // Two panels on: rows of panels follow each other, and one panel ahead comes too late.
      _mm_prefetch(reinterpret_cast<const char *>(at + (r + 32) * panel.row_bytes), _MM_HINT_T0);
      sums[r] = _mm512_dpbusd_epi32(sums[r], _mm512_loadu_si512(at + r * panel.row_bytes), first);
    }
  } else {
    // Dwords come as evens and odds by turns; low nibbles meet the evens, high nibbles the odds.
    const __m512i second = _mm512_loadu_si512(values + 64), nibble = _mm512_set1_epi8(15);
    const __m512i lanes = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    const __m512i evens = _mm512_permutex2var_epi32(first, lanes, second);
    const __m512i odds = _mm512_permutex2var_epi32(first, _mm512_add_epi32(lanes, _mm512_set1_epi32(1)), second);
#pragma GCC unroll 16
    for (size_t r = 0; r < 16; ++r) {
      _mm_prefetch(reinterpret_cast<const char *>(at + (r + 32) * panel.row_bytes), _MM_HINT_T0);
      const __m512i packed = _mm512_loadu_si512(at + r * panel.row_bytes);
      sums[r] = _mm512_dpbusd_epi32(sums[r], _mm512_and_si512(packed, nibble), evens);
      sums[r] = _mm512_dpbusd_epi32(sums[r], _mm512_and_si512(_mm512_srli_epi16(packed, 4), nibble), odds);
    }
  }
}

// LANES lanes of 128 bits make a group; 8 means that a group spans two units.
template <int BITS, int LANES>
void multiply_single_in(const QuantizedPanel &panel, const QuantizedTokens &tokens, float *out) {
  constexpr size_t kUnits = LANES == 8 ? 2 : 1, kGroups = LANES == 8 ? 1 : 4 / LANES, kValues = BITS == 8 ? 64 : 128;
  __m512 sum = _mm512_setzero_ps();
  const size_t groups = tokens.columns / tokens.group;
  for (size_t g = 0, unit = 0; g < groups; g += kGroups, unit += kUnits) {
    __m512i sums[16], quads[4], products[kGroups];
#pragma GCC unroll 16
    for (size_t r = 0; r < 16; ++r) sums[r] = _mm512_setzero_si512();
    for (size_t u = unit; u < unit + kUnits; ++u) add_unit<BITS>(panel, 64 * u, tokens.values + kValues * u, sums);
    add_within_lanes(sums, quads);
    gather_groups<LANES == 8 ? 4 : LANES>(quads, products);
#pragma GCC unroll 4
    for (size_t k = 0; k < kGroups; ++k) {
      sum = add_scaled_products(sum, products[k], tokens.scales[g + k], tokens.scaled_sums[g + k],
                                load_scales(panel.scale_type, panel.scales, g + k),
                                load_scales(panel.scale_type, panel.biases, g + k));
    }
  }
  _mm512_storeu_ps(out, sum);
}

// The same for 8 bits and rows of whole KB, row after row: memory is read in its order, which is faster where it lies
// far away. LANES is 2 or 4.
constexpr size_t kRowPart = 1024, kRowParts = 8;
// Bytes between what is multiplied and what is asked for; a panel's end leads to the next panel.
constexpr size_t kReadAhead = 16 * 1024;

template <int LANES>
void multiply_single_by_rows(const QuantizedPanel &panel, const QuantizedTokens &tokens, float *out) {
  constexpr size_t kGroups = 4 / LANES;
  const size_t parts = panel.row_bytes / kRowPart;
  // Sums of the groups: lane u of [part][k][row] is group k of the part's 64 bytes u.
  __m512i products[kRowParts][kGroups][16];
  for (size_t r = 0; r < 16; ++r) {
    for (size_t part = 0; part < parts; ++part) {
      const uint8_t *at = panel.weights + r * panel.row_bytes + part * kRowPart;
      const int8_t *values = tokens.values + part * kRowPart;
      __m512i sums[16], quads[4], gathered[kGroups];
#pragma GCC unroll 16
      for (size_t u = 0; u < 16; ++u) {
        _mm_prefetch(reinterpret_cast<const char *>(at + 64 * u + kReadAhead), _MM_HINT_T0);
        sums[u] = _mm512_dpbusd_epi32(_mm512_setzero_si512(), _mm512_loadu_si512(at + 64 * u),
                                      _mm512_loadu_si512(values + 64 * u));
      }
      add_within_lanes(sums, quads);
      gather_groups<LANES>(quads, gathered);
      for (size_t k = 0; k < kGroups; ++k) products[part][k][r] = gathered[k];
    }
  }
  __m512 sum = _mm512_setzero_ps();
  for (size_t part = 0, g = 0; part < parts; ++part) {
    for (size_t k = 0; k < kGroups; ++k) transpose(products[part][k]);
    for (size_t u = 0; u < 16; ++u) {
      for (size_t k = 0; k < kGroups; ++k, ++g) {
        sum = add_scaled_products(sum, products[part][k][u], tokens.scales[g], tokens.scaled_sums[g],
                                  load_scales(panel.scale_type, panel.scales, g),
                                  load_scales(panel.scale_type, panel.biases, g));
      }
    }
  }
  _mm512_storeu_ps(out, sum);
}

// False when the panel or its groups have a shape that only the general way handles.
bool multiply_single(const QuantizedPanel &panel, const QuantizedTokens &tokens, float *out) {
  if (panel.rows != kPanelRows || panel.row_bytes % 64 != 0) return false;
  const size_t lanes = tokens.group * static_cast<size_t>(panel.bits) / 128;
  if (tokens.group * static_cast<size_t>(panel.bits) % 128 != 0 || tokens.columns % tokens.group != 0) return false;
  if (lanes == 8 && panel.row_bytes % 128 != 0) return false;
  if (panel.bits == 8 && panel.row_bytes % kRowPart == 0 && panel.row_bytes <= kRowPart * kRowParts) {
    if (lanes == 2) multiply_single_by_rows<2>(panel, tokens, out);
    if (lanes == 4) multiply_single_by_rows<4>(panel, tokens, out);
    if (lanes == 2 || lanes == 4) return true;
  }
  switch (panel.bits * 16 + static_cast<int>(lanes)) {
    case 8 * 16 + 2:
      multiply_single_in<8, 2>(panel, tokens, out);
      return true;
    case 8 * 16 + 4:
      multiply_single_in<8, 4>(panel, tokens, out);
      return true;
    case 8 * 16 + 8:
      multiply_single_in<8, 8>(panel, tokens, out);
      return true;
    case 4 * 16 + 1:
      multiply_single_in<4, 1>(panel, tokens, out);
      return true;
    case 4 * 16 + 2:
      multiply_single_in<4, 2>(panel, tokens, out);
      return true;
    case 4 * 16 + 4:
      multiply_single_in<4, 4>(panel, tokens, out);
      return true;
    default:
      return false;
  }
}
