// One pool of threads for the whole process, shared by every open model, so that two models never run more threads than
// cores.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "ops/patience.h"

namespace brevis {

class ThreadPool {
 public:
  // The process's pool: made for the first model, gone with the last. As many threads as the process may use cores.
  static std::shared_ptr<ThreadPool> shared();
  explicit ThreadPool(size_t threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool &) = delete;
  ThreadPool &operator=(const ThreadPool &) = delete;

  // Threads that can work on one call, the caller's included.
  size_t thread_count() const { return workers_.size() + 1; }

  // Runs body(context, task, participant) for each task below task_count; participant < threads tells scratch memory
  // apart. The caller works too and never waits for a thread that has not begun: a sleeping or descheduled worker costs
  // nothing. When another thread's call holds the pool, the caller does all tasks itself.
  using Body = void (*)(void *context, size_t task, size_t participant);
  void run(size_t task_count, size_t threads, Body body, void *context);

 private:
  using Clock = Patience::Clock;

  void work(size_t participant);
  void run_tasks(size_t participant);
  bool join(uint64_t &seen);
  void sleep(uint64_t seen);

  // The job in progress: generation << 32 | open << 16 | workers inside. Workers join only while it is open.
  std::atomic<uint64_t> state_{0};
  std::atomic<size_t> next_task_{0};
  size_t task_count_ = 0, thread_limit_ = 0;
  Body body_ = nullptr;
  void *context_ = nullptr;

  std::mutex caller_;  // held by the call that owns the job slot, and what follows up to the empty line
  Patience patience_;

  std::mutex sleep_mutex_;
  std::condition_variable wake_;
  std::atomic<int> sleepers_{0};
  std::atomic<bool> ending_{false};
  std::vector<std::thread> workers_;
};

}  // namespace brevis
