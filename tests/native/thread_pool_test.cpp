#include "ops/thread_pool.h"

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "check.h"

using brevis::ThreadPool;

namespace {

struct Counts {
  std::vector<std::atomic<int>> tasks;
  std::atomic<int> wrong_participant{0};
  size_t threads;
};

void run_and_check(ThreadPool &pool, size_t task_count, size_t threads) {
  Counts counts{std::vector<std::atomic<int>>(task_count), {}, threads};
  pool.run(
      task_count, threads,
      [](void *context, size_t task, size_t participant) {
        Counts &all = *static_cast<Counts *>(context);
        ++all.tasks[task];
        if (participant >= std::max<size_t>(1, all.threads)) ++all.wrong_participant;
      },
      &counts);
  for (const auto &count : counts.tasks) CHECK_EQUAL(count.load(), 1);
  CHECK_EQUAL(counts.wrong_participant.load(), 0);
}

}  // namespace

TEST(does_each_task_once) {
  for (size_t threads : {1, 2, 4}) {
    ThreadPool pool(threads);
    for (size_t tasks : {0, 1, 2, 3, 17, 100}) run_and_check(pool, tasks, threads);
  }
}

TEST(survives_sleep_and_many_small_jobs) {
  ThreadPool pool(3);
  for (int i = 0; i < 2000; ++i) run_and_check(pool, 5, 3);
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  for (int i = 0; i < 50; ++i) {
    run_and_check(pool, 5, 3);
    std::this_thread::sleep_for(std::chrono::microseconds(300));
  }
}

TEST(uses_no_more_threads_than_asked) {
  ThreadPool pool(4);
  for (int i = 0; i < 500; ++i) run_and_check(pool, 9, 2);
}

TEST(serves_several_callers) {
  ThreadPool pool(2);
  std::vector<std::thread> callers;
  for (int c = 0; c < 4; ++c) {
    callers.emplace_back([&pool] {
      for (int i = 0; i < 300; ++i) run_and_check(pool, 7, 2);
    });
  }
  for (std::thread &caller : callers) caller.join();
}

TEST(works_alone_while_workers_keep_it_waiting) {
  ThreadPool pool(2);
  std::atomic<int> by_workers{0};
  const auto job = [&] {
    pool.run(
        4, 2,
        [](void *context, size_t, size_t participant) {
          if (participant > 0) ++*static_cast<std::atomic<int> *>(context);
          // A worker that lost its core for a while.
          std::this_thread::sleep_for(std::chrono::microseconds(participant > 0 ? 4000 : 50));
        },
        &by_workers);
  };
  for (int i = 0; i < 60; ++i) job();
  by_workers = 0;
  for (int i = 0; i < 20; ++i) job();
  CHECK_EQUAL(by_workers.load(), 0);
}
