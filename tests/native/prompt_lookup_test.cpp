#include "model/prompt_lookup.h"

#include "check.h"

using Tokens = std::vector<int32_t>;

TEST(drafts_what_followed_the_latest_occurrence) {
  const Tokens tokens = {1, 2, 3, 9, 1, 2, 3, 7, 8, 1, 2, 3};
  CHECK((brevis::draft_by_lookup(tokens, 3, 2) == Tokens{7, 8}));
  CHECK((brevis::draft_by_lookup(tokens, 3, 10) == Tokens{7, 8, 1, 2, 3}));
}

TEST(drafts_nothing_without_an_occurrence) {
  CHECK(brevis::draft_by_lookup({1, 2, 3, 4}, 3, 5).empty());
  CHECK(brevis::draft_by_lookup({1, 2, 3}, 3, 5).empty());
  CHECK(brevis::draft_by_lookup({}, 3, 5).empty());
  CHECK(brevis::draft_by_lookup({1, 1, 1, 1}, 2, 0).empty());
}

TEST(overlaps_itself) {
  CHECK((brevis::draft_by_lookup({5, 5, 5, 5}, 3, 4) == Tokens{5}));
}
