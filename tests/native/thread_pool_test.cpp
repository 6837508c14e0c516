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
  using std::chrono::milliseconds;
  brevis::Patience patience;
  brevis::Patience::Clock::time_point now{};
  now += milliseconds(1000);
  const auto job = [&](int took, int waited) {
    now += milliseconds(took);
    patience.note(now, milliseconds(took), milliseconds(waited));
  };
  CHECK(!patience.works_alone(now));
  job(6, 1);  // too little to judge by
  job(6, 1);
  CHECK(!patience.works_alone(now));
  job(12, 4);  // a third lost
  CHECK(patience.works_alone(now) && patience.works_alone(now + milliseconds(49)));
  CHECK(!patience.works_alone(now + milliseconds(50)));
  now += milliseconds(50);
  job(12, 4);  // again: twice as long
  CHECK(patience.works_alone(now + milliseconds(99)) && !patience.works_alone(now + milliseconds(100)));
  for (int i = 0; i < 8; ++i) job(12, 4);
  CHECK(patience.works_alone(now + milliseconds(999)) && !patience.works_alone(now + milliseconds(1000)));
  now += milliseconds(1000);
  job(12, 1);  // calm: from the start
  job(12, 4);
  CHECK(patience.works_alone(now + milliseconds(49)) && !patience.works_alone(now + milliseconds(50)));
}
