// One thread that runs tasks in the order in which they came. Knows neither Node nor engines.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace brevis::addon {

class Task {
 public:
  virtual ~Task() = default;

  // On the queue's thread.
  virtual void run() noexcept = 0;
  // On the queue's thread after run(), when the task no longer counts against the limit: tells whoever waits for it.
  virtual void tell() noexcept {}

  // From any thread; the engine looks at the flag while it runs.
  void cancel() noexcept { cancel_.store(1); }
  const int32_t *cancel_flag() const noexcept { return reinterpret_cast<const int32_t *>(&cancel_); }

 private:
  std::atomic<int32_t> cancel_{0};
  static_assert(sizeof(std::atomic<int32_t>) == sizeof(int32_t) && std::atomic<int32_t>::is_always_lock_free);
};

enum class Admission { limited, always };

// All functions may be called from any thread unless they say otherwise.
class WorkQueue {
 public:
  enum class Answer { taken, full, closed };

  // `limit` tasks may wait beside the one that runs.
  explicit WorkQueue(size_t limit) : limit_(limit) {}
  ~WorkQueue();
  WorkQueue(const WorkQueue &) = delete;
  WorkQueue &operator=(const WorkQueue &) = delete;

  // Once. `at_end` is the last thing that the thread runs. Throws std::system_error where no thread can be had.
  void start(std::function<void()> at_end);

  // Tasks that are admitted always do not count.
  Answer add(std::shared_ptr<Task> task, Admission admission);

  // Takes a task out of the queue that has not begun. False when it has.
  bool remove(const Task &task);
  // Takes all chosen tasks out of the queue that wait for others; one that is about to begin counts as begun.
  using Choice = std::function<bool(const Task &)>;
  std::vector<std::shared_ptr<Task>> remove_waiting(const Choice &choice);

  // Takes no more tasks; the thread ends after those that it has.
  void finish();
  // Takes no more tasks, forgets those that wait, and cancels the one that runs.
  void abandon();

  // Waits for the thread's end, but not for ever, and lets go of it: a thread that does not end in time is left to
  // itself.
  bool end(std::chrono::milliseconds patience);

 private:
  struct Entry {
    std::shared_ptr<Task> task;
    bool counts;
  };

  void work(const std::function<void()> &at_end);
  void perform(const Entry &entry);

  const size_t limit_;
  std::mutex mutex_;
  std::condition_variable wake_, ended_signal_;
  std::deque<Entry> waiting_;
  std::shared_ptr<Task> running_;
  size_t counted_ = 0;  // of those that wait and the one that runs
  bool closed_ = false;
  bool ended_ = true;  // also before start()

  std::mutex thread_mutex_;  // joining is for one thread at a time
  std::thread thread_;
};

}  // namespace brevis::addon
