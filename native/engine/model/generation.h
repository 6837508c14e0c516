// The loop that turns logits into tokens, one step at a time or several by prompt look-up.
#pragma once

#include "model/session.h"

namespace brevis {

class Generation {
 public:
  Generation(Session &session, Workspace &workspace, const ActiveAdapters &adapters,
             const brv_generate_options &options, size_t context, brv_generation &result);

  // `logits` are those of the prompt's last token.
  void run(float *logits);

 private:
  // Delivers a token, unless it ends the text; false when generation is over.
  bool deliver(int32_t token);
  bool finish(int32_t reason);
  // Appends `token` and a draft after it, delivers what the model confirms, and gives the logits that follow.
  float *step(int32_t token);
  std::vector<int32_t> draft(int32_t token) const;

  Session &session_;
  Workspace &workspace_;
  const ActiveAdapters &adapters_;
  const brv_generate_options &options_;
  size_t context_;
  brv_generation &result_;
  Sampler sampler_;
  bool over_ = false;
};

}  // namespace brevis
