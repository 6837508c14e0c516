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

namespace brevis {

class ThreadPool {
 public:
  // The process's pool: made for the first model, gone with the last. Ends up with the cores that this process may use.
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
  using Clock = std::chrono::steady_clock;

  void work(size_t participant);
  void run_tasks(size_t participant);
  bool join(uint64_t &seen);
  void sleep(uint64_t seen);
  void judge(Clock::duration took, Clock::duration waited);

  static constexpr Clock::duration kShortestPause = std::chrono::milliseconds(50);

  // The job in progress: generation << 32 | open << 16 | workers inside. Workers join only while it is open.
  std::atomic<uint64_t> state_{0};
  std::atomic<size_t> next_task_{0};
  size_t task_count_ = 0, thread_limit_ = 0;
  Body body_ = nullptr;
  void *context_ = nullptr;

  std::mutex caller_;  // held by the call that owns the job slot, and what follows up to the empty line
  // Where other processes take the cores, a worker that was descheduled inside a task keeps everyone waiting: then the
  // caller works alone for a while, so that several threads are never slower than one for long.
  Clock::duration taken_{}, waited_{};  // of recent jobs: altogether, and of it after the caller's own last task
  Clock::duration pause_ = kShortestPause;
  Clock::time_point alone_until_{};

  std::mutex sleep_mutex_;
  std::condition_variable wake_;
  std::atomic<int> sleepers_{0};
  std::atomic<bool> ending_{false};
  std::vector<std::thread> workers_;
};

// Cores that this process may use: at least 1.
size_t usable_cores();

}  // namespace brevis
