#include "model/prompt_lookup.h"

#include <algorithm>

namespace brevis {

std::vector<int32_t> draft_by_lookup(const std::vector<int32_t> &tokens, size_t ngram, size_t limit) {
  if (limit == 0 || tokens.size() <= ngram) return {};
  const auto pattern = tokens.end() - static_cast<std::ptrdiff_t>(ngram);
  for (size_t start = tokens.size() - ngram; start-- > 0;) {
    const auto candidate = tokens.begin() + static_cast<std::ptrdiff_t>(start);
    if (!std::equal(pattern, tokens.end(), candidate)) continue;
    const auto first = candidate + static_cast<std::ptrdiff_t>(ngram);
    const size_t count = std::min(limit, static_cast<size_t>(tokens.end() - first));
    return {first, first + static_cast<std::ptrdiff_t>(count)};
  }
  return {};
}

}  // namespace brevis
