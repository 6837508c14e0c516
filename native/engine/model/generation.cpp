#include "model/generation.h"

#include <algorithm>

#include "model/prompt_lookup.h"

namespace brevis {

Generation::Generation(Session &session, Workspace &workspace, const ActiveAdapters &adapters,
                       const brv_generate_options &options, size_t context, brv_generation &result)
    : session_(session),
      workspace_(workspace),
      adapters_(adapters),
      options_(options),
      context_(context),
      result_(result),
      sampler_(options.sampling, session.model().config().vocabulary) {
  for (const int32_t token : session.tokens()) sampler_.note(token);
}

bool Generation::finish(int32_t reason) {
  result_.finish = reason;
  over_ = true;
  return false;
}

bool Generation::deliver(int32_t token) {
  const int32_t *stops = options_.stop_ids;
  if (std::find(stops, stops + options_.stop_count, token) != stops + options_.stop_count)
    return finish(BRV_FINISH_STOP);
  sampler_.note(token);
  ++result_.generated_tokens;
  if (options_.on_token != nullptr && options_.on_token(options_.context, token) != 0)
    return finish(BRV_FINISH_CALLBACK);
  if (result_.generated_tokens >= options_.max_tokens) return finish(BRV_FINISH_LENGTH);
  return true;
}

void Generation::run(float *logits) {
  while (!over_) {
    const int32_t token = sampler_.pick(logits);
    if (!deliver(token)) return;
    if (session_.tokens().size() >= context_) {
      finish(BRV_FINISH_CONTEXT);
      return;
    }
    logits = step(token);
  }
}

std::vector<int32_t> Generation::draft(int32_t token) const {
  if (options_.lookup_tokens <= 0 || !sampler_.is_greedy()) return {};
  std::vector<int32_t> tokens = session_.tokens();
  tokens.push_back(token);
  // Room in the cache, and no more than may still be delivered.
  const size_t room =
      std::min(context_ - tokens.size(), static_cast<size_t>(options_.max_tokens - result_.generated_tokens));
  const size_t limit = std::min(static_cast<size_t>(options_.lookup_tokens), room);
  return draft_by_lookup(tokens, options_.lookup_ngram > 0 ? static_cast<size_t>(options_.lookup_ngram) : 3, limit);
}

float *Generation::step(int32_t token) {
  std::vector<int32_t> tokens = draft(token);
  const size_t drafted = tokens.size();
  tokens.insert(tokens.begin(), token);
  const size_t before = session_.tokens().size(), vocabulary = session_.model().config().vocabulary;
  float *logits = session_.append(workspace_, tokens.data(), tokens.size(), tokens.size(), adapters_);
  result_.drafted_tokens += static_cast<int32_t>(drafted);
  for (size_t i = 0; i < drafted; ++i) {
    // pick() changes the logits it is given, so the row that is not confirmed is handed on as a copy.
    std::vector<float> row(logits + i * vocabulary, logits + (i + 1) * vocabulary);
    if (sampler_.pick(row.data()) != tokens[i + 1]) {
      session_.truncate(before + i + 1);
      return logits + i * vocabulary;
    }
    ++result_.accepted_tokens;
    if (!deliver(tokens[i + 1])) {
      session_.truncate(before + i + 1);
      return nullptr;
    }
  }
  return logits + drafted * vocabulary;
}

}  // namespace brevis
