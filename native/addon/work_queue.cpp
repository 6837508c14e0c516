#include "work_queue.h"

#include <algorithm>
#include <utility>

namespace brevis::addon {

WorkQueue::~WorkQueue() {
  if (thread_.joinable()) thread_.detach();
}

void WorkQueue::start(std::function<void()> at_end) {
  {
    const std::lock_guard lock(mutex_);
    ended_ = false;
  }
  const std::lock_guard lock(thread_mutex_);
  try {
    thread_ = std::thread([this, at_end = std::move(at_end)] { work(at_end); });
  } catch (...) {
    const std::lock_guard state(mutex_);
    closed_ = ended_ = true;
    throw;
  }
}

WorkQueue::Answer WorkQueue::add(std::shared_ptr<Task> task, Admission admission) {
  const bool counts = admission == Admission::limited;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return Answer::closed;
    // One of those that count runs, or will at once.
    if (counts && counted_ > limit_) return Answer::full;
    waiting_.push_back({std::move(task), counts});
    if (counts) ++counted_;
  }
  wake_.notify_one();
  return Answer::taken;
}

bool WorkQueue::remove(const Task &task) {
  const std::lock_guard lock(mutex_);
  const auto found =
      std::find_if(waiting_.begin(), waiting_.end(), [&](const Entry &entry) { return entry.task.get() == &task; });
  if (found == waiting_.end()) return false;
  if (found->counts) --counted_;
  waiting_.erase(found);
  return true;
}

std::vector<std::shared_ptr<Task>> WorkQueue::remove_waiting(const Choice &choice) {
  std::vector<std::shared_ptr<Task>> removed;
  std::deque<Entry> kept;
  const std::lock_guard lock(mutex_);
  for (Entry &entry : waiting_) {
    const bool begins = running_ == nullptr && &entry == &waiting_.front();
    if (begins || !choice(*entry.task)) {
      kept.push_back(std::move(entry));
      continue;
    }
    if (entry.counts) --counted_;
    removed.push_back(std::move(entry.task));
  }
  waiting_.swap(kept);
  return removed;
}

void WorkQueue::finish() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  wake_.notify_one();
}

void WorkQueue::abandon() {
  std::deque<Entry> forgotten;  // destroyed without the lock: a task may hold the last of much
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    forgotten.swap(waiting_);
    if (running_ != nullptr) running_->cancel();
  }
  wake_.notify_one();
}

bool WorkQueue::end(std::chrono::milliseconds patience) {
  bool ended;
  {
    std::unique_lock lock(mutex_);
    ended = ended_signal_.wait_for(lock, patience, [this] { return ended_; });
  }
  const std::lock_guard lock(thread_mutex_);
  if (!thread_.joinable()) return ended;
  if (ended)
    thread_.join();
  else
    thread_.detach();
  return ended;
}

void WorkQueue::work(const std::function<void()> &at_end) {
  while (true) {
    Entry entry;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
      if (waiting_.empty()) break;
      entry = std::move(waiting_.front());
      waiting_.pop_front();
      running_ = entry.task;
    }
    perform(entry);
  }
  at_end();
  const std::lock_guard lock(mutex_);
  ended_ = true;
  ended_signal_.notify_all();
}

void WorkQueue::perform(const Entry &entry) {
  entry.task->run();
  {
    const std::lock_guard lock(mutex_);
    running_ = nullptr;
    if (entry.counts) --counted_;
  }
  entry.task->tell();
}

}  // namespace brevis::addon
