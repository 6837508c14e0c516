// Whether a call should share its work with other threads. Where other processes take the cores, a worker that lost its
// core inside a task keeps everyone waiting: then the caller works alone for a while, so that several threads are never
// slower than one for long.
#pragma once

#include <algorithm>
#include <chrono>

namespace brevis {

class Patience {
 public:
  using Clock = std::chrono::steady_clock;

  bool works_alone(Clock::time_point now) const { return now < alone_until_; }

  // A shared job that ended `now` took so long, and of it waited so long for workers after the caller's own last task.
  void note(Clock::time_point now, Clock::duration took, Clock::duration waited) {
    taken_ += took;
    waited_ += waited;
    if (taken_ < kJudged) return;
    // Decoding is bound by memory: two threads bring perhaps a third, so a quarter of the time lost is too much.
    if (waited_ * 4 > taken_) {
      alone_until_ = now + pause_;
      pause_ = std::min<Clock::duration>(pause_ * 2, kLongestPause);
    } else {
      pause_ = kShortestPause;
    }
    taken_ = waited_ = {};
  }

  // Working time between two judgements.
  static constexpr Clock::duration kJudged = std::chrono::milliseconds(10);
  static constexpr Clock::duration kShortestPause = std::chrono::milliseconds(50);
  static constexpr Clock::duration kLongestPause = std::chrono::seconds(1);

 private:
  Clock::duration taken_{}, waited_{};  // since the last judgement
  Clock::duration pause_ = kShortestPause;
  Clock::time_point alone_until_{};
};

}  // namespace brevis
