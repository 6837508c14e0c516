// The addon's queue, which knows neither Node nor engines: run it under the thread sanitizer too.
#include "../../native/addon/work_queue.h"

#include <future>

#include "check.h"

using brevis::addon::Admission;
using brevis::addon::Task;
using brevis::addon::WorkQueue;

namespace {

constexpr auto kPatience = std::chrono::seconds(60);

// Runs until it is let go or cancelled, and records what happened to it.
class Waiting final : public Task {
 public:
  explicit Waiting(std::atomic<int> &told) : told_(told) {}
  void run() noexcept override {
    began.set_value();
    while (!go && __atomic_load_n(cancel_flag(), __ATOMIC_RELAXED) == 0) std::this_thread::yield();
    cancelled = !go;
  }
  void tell() noexcept override { ++told_; }

  std::promise<void> began;
  std::atomic<bool> go{false}, cancelled{false};

 private:
  std::atomic<int> &told_;
};

class Counting final : public Task {
 public:
  Counting(std::vector<int> &order, int number) : order_(order), number_(number) {}
  void run() noexcept override { order_.push_back(number_); }

 private:
  std::vector<int> &order_;
  const int number_;
};

bool is(WorkQueue::Answer answer, WorkQueue::Answer expected) {
  return answer == expected;
}

}  // namespace

TEST(runs_tasks_in_order_and_ends_after_the_last) {
  std::vector<int> order;
  bool at_end = false;
  WorkQueue queue(100);
  queue.start([&] { at_end = true; });
  for (int i = 0; i < 50; ++i) queue.add(std::make_shared<Counting>(order, i), Admission::limited);
  queue.finish();
  CHECK(queue.end(kPatience));
  CHECK(at_end);
  CHECK_EQUAL(order.size(), size_t{50});
  for (size_t i = 0; i < order.size(); ++i) CHECK_EQUAL(order[i], static_cast<int>(i));
}

TEST(admits_its_limit_beside_the_task_that_runs) {
  std::atomic<int> told{0};
  std::vector<int> order;
  WorkQueue queue(1);
  queue.start([] {});
  const auto running = std::make_shared<Waiting>(told);
  const auto counting = [&] { return std::make_shared<Counting>(order, 1); };
  CHECK(is(queue.add(running, Admission::limited), WorkQueue::Answer::taken));
  CHECK(is(queue.add(counting(), Admission::limited), WorkQueue::Answer::taken));
  CHECK(is(queue.add(counting(), Admission::limited), WorkQueue::Answer::full));
  CHECK(is(queue.add(counting(), Admission::always), WorkQueue::Answer::taken));
  running->go = true;
  queue.finish();
  CHECK(is(queue.add(counting(), Admission::always), WorkQueue::Answer::closed));
  CHECK(queue.end(kPatience));
  CHECK_EQUAL(order.size(), size_t{2});
  CHECK_EQUAL(told.load(), 1);
}

TEST(gives_back_what_has_not_begun) {
  std::atomic<int> told{0};
  std::vector<int> order;
  WorkQueue queue(10);
  queue.start([] {});
  const auto running = std::make_shared<Waiting>(told);
  queue.add(running, Admission::limited);
  running->began.get_future().wait();
  const auto waiting = std::make_shared<Counting>(order, 1);
  queue.add(waiting, Admission::limited);
  for (int i = 2; i < 5; ++i) queue.add(std::make_shared<Counting>(order, i), Admission::limited);
  CHECK(!queue.remove(*running));
  CHECK(queue.remove(*waiting));
  CHECK(!queue.remove(*waiting));
  CHECK_EQUAL(queue.remove_waiting([](const Task &) { return true; }).size(), size_t{3});
  running->go = true;
  queue.finish();
  CHECK(queue.end(kPatience));
  CHECK(order.empty());
}

TEST(abandons_what_waits_and_cancels_what_runs) {
  std::atomic<int> told{0};
  std::vector<int> order;
  WorkQueue queue(10);
  queue.start([] {});
  const auto running = std::make_shared<Waiting>(told);
  queue.add(running, Admission::limited);
  queue.add(std::make_shared<Counting>(order, 1), Admission::limited);
  running->began.get_future().wait();
  queue.abandon();
  CHECK(queue.end(kPatience));
  CHECK(queue.end(kPatience));
  CHECK(running->cancelled);
  CHECK(order.empty());
}

TEST(takes_tasks_from_many_threads_while_others_are_removed) {
  std::atomic<int> ran{0};
  class Adding final : public Task {
   public:
    explicit Adding(std::atomic<int> &count) : count_(count) {}
    void run() noexcept override { ++count_; }

   private:
    std::atomic<int> &count_;
  };
  std::atomic<int> removed{0};
  WorkQueue queue(1 << 20);
  queue.start([] {});
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        const auto task = std::make_shared<Adding>(ran);
        queue.add(task, Admission::limited);
        if (i % 3 == 0 && queue.remove(*task)) ++removed;
      }
    });
  }
  for (std::thread &thread : threads) thread.join();
  queue.finish();
  CHECK(queue.end(kPatience));
  CHECK_EQUAL(ran + removed, 1500);
}

TEST(leaves_a_thread_to_itself_that_does_not_end_in_time) {
  std::atomic<int> told{0};
  const auto queue = std::make_shared<WorkQueue>(10);
  std::promise<void> gone;
  queue->start([queue, &gone] { gone.set_value(); });
  const auto running = std::make_shared<Waiting>(told);
  queue->add(running, Admission::limited);
  running->began.get_future().wait();
  queue->finish();
  CHECK(!queue->end(std::chrono::milliseconds(1)));
  running->go = true;
  gone.get_future().wait();
}
