// A model that an engine has opened, with the thread that works for it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "brevis_engine.h"
#include "work_queue.h"

namespace brevis::addon {

// The engine's session, null once closed. Touched on the model's thread only.
struct OpenSession {
  brv_session *handle = nullptr;
};

class OpenModel {
 public:
  OpenModel(const brv_engine_api &engine, size_t queue_limit) : api(engine), queue(queue_limit) {}
  OpenModel(const OpenModel &) = delete;
  OpenModel &operator=(const OpenModel &) = delete;

  const brv_engine_api &api;
  WorkQueue queue;

  // On the model's thread only. An error's message is in api.last_error() of that thread.
  brv_status open(const char *directory, const brv_open_options &options, const int32_t *cancel);
  brv_status open_session(const brv_session_options &options, std::shared_ptr<OpenSession> &session);
  void close_session(OpenSession &session);
  void close();
  brv_model *handle() const { return handle_; }

  // Once open() has succeeded, from any thread.
  const brv_model_info &info() const { return info_; }
  // Values that logits() gives for each token.
  size_t output_width() const;

 private:
  brv_model *handle_ = nullptr;
  brv_model_info info_{};
  std::vector<std::shared_ptr<OpenSession>> sessions_;
};

// Held by the JavaScript objects of one model and its sessions: when the last of them is gone, nobody can make another
// call, and the model's thread ends, and closes it, after the calls that it has.
class ModelLease {
 public:
  explicit ModelLease(std::shared_ptr<OpenModel> open_model) : model(std::move(open_model)) {}
  ~ModelLease() { model->queue.finish(); }
  ModelLease(const ModelLease &) = delete;
  ModelLease &operator=(const ModelLease &) = delete;

  const std::shared_ptr<OpenModel> model;
};

}  // namespace brevis::addon
