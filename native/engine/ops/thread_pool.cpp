#include "ops/thread_pool.h"

#include <algorithm>
#include <chrono>

#include "ops/usable_cores.h"

#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#endif

namespace brevis {
namespace {

constexpr uint64_t kOpen = 1u << 16;
constexpr uint64_t kInside = kOpen - 1;
constexpr uint64_t kGeneration = 1ull << 32;
// How long an idle worker stays awake. Decode starts a job every 10-100 us; waking a sleeper costs 5-50 us.
constexpr auto kAwake = std::chrono::microseconds(200);

void pause() {
#if defined(__x86_64__) || defined(__i386__)
  _mm_pause();
#elif defined(__aarch64__)
  asm volatile("isb");
#endif
}

}  // namespace

std::shared_ptr<ThreadPool> ThreadPool::shared() {
  static std::mutex mutex;
  static std::weak_ptr<ThreadPool> pool;
  const std::lock_guard lock(mutex);
  std::shared_ptr<ThreadPool> current = pool.lock();
  if (current == nullptr) pool = current = std::make_shared<ThreadPool>(usable_cores());
  return current;
}

ThreadPool::ThreadPool(size_t threads) {
  for (size_t i = 1; i < threads; ++i) {
    // Fewer threads than asked for only make calls slower.
    try {
      workers_.emplace_back([this, i] { work(i); });
    } catch (const std::system_error &) {
      break;
    }
  }
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(sleep_mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  for (std::thread &worker : workers_) worker.join();
}

void ThreadPool::run(size_t task_count, size_t threads, Body body, void *context) {
  std::unique_lock owner(caller_, std::defer_lock);
  const Clock::time_point begin = Clock::now();
  if (task_count < 2 || threads < 2 || workers_.empty() || !owner.try_lock() || patience_.works_alone(begin)) {
    for (size_t task = 0; task < task_count; ++task) body(context, task, 0);
    return;
  }
  body_ = body;
  context_ = context;
  task_count_ = task_count;
  thread_limit_ = threads;
  next_task_.store(0, std::memory_order_relaxed);
  const uint64_t generation = (state_.load(std::memory_order_relaxed) / kGeneration + 1) * kGeneration;
  state_.store(generation | kOpen);
  if (sleepers_.load() > 0) {
    { const std::lock_guard lock(sleep_mutex_); }
    wake_.notify_all();
  }
  run_tasks(0);
  state_.fetch_and(~kOpen);
  const Clock::time_point done = Clock::now();
  for (int spins = 0; (state_.load(std::memory_order_acquire) & kInside) != 0; ++spins) {
    // A worker inside a task may have lost its core to another process: give ours away rather than burn it.
    if (spins < 2000)
      pause();
    else
      std::this_thread::yield();
  }
  const Clock::time_point end = Clock::now();
  patience_.note(end, end - begin, end - done);
}

void ThreadPool::run_tasks(size_t participant) {
  while (true) {
    const size_t task = next_task_.fetch_add(1, std::memory_order_relaxed);
    if (task >= task_count_) return;
    body_(context_, task, participant);
  }
}

bool ThreadPool::join(uint64_t &seen) {
  uint64_t state = state_.load(std::memory_order_acquire);
  while ((state & kOpen) != 0 && state / kGeneration != seen) {
    if (state_.compare_exchange_weak(state, state + 1, std::memory_order_acq_rel)) {
      seen = state / kGeneration;
      return true;
    }
  }
  return false;
}

void ThreadPool::work(size_t participant) {
  uint64_t seen = 0;
  auto awake_until = std::chrono::steady_clock::now() + kAwake;
  while (!ending_.load(std::memory_order_relaxed)) {
    if (join(seen)) {
      if (participant < thread_limit_) run_tasks(participant);
      state_.fetch_sub(1, std::memory_order_acq_rel);
      awake_until = std::chrono::steady_clock::now() + kAwake;
      continue;
    }
    for (int i = 0; i < 32; ++i) pause();
    if (std::chrono::steady_clock::now() > awake_until) {
      sleep(seen);
      awake_until = std::chrono::steady_clock::now() + kAwake;
    }
  }
}

void ThreadPool::sleep(uint64_t seen) {
  std::unique_lock lock(sleep_mutex_);
  sleepers_.fetch_add(1);
  wake_.wait(lock, [&] {
    const uint64_t state = state_.load();
    return ending_.load() || ((state & kOpen) != 0 && state / kGeneration != seen);
  });
  sleepers_.fetch_sub(1);
}

}  // namespace brevis
