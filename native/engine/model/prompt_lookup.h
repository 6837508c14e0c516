// Prompt look-up decoding: text that repeats its context is drafted from there and checked in one pass.
// After "Prompt Lookup Decoding" (Apoorv Saxena, 2023).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace brevis {

// The tokens that followed the latest earlier occurrence of the last `ngram` tokens; at most `limit`, empty without
// one.
std::vector<int32_t> draft_by_lookup(const std::vector<int32_t> &tokens, size_t ngram, size_t limit);

}  // namespace brevis
