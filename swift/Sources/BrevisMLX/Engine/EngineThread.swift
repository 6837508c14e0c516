import Foundation

/// The one thread that calls MLX, loading and freeing included. Callers hand it jobs and wait; jobs run in the order they come.
package final class EngineThread: @unchecked Sendable {
  package static let shared = EngineThread()

  /// Guards what follows.
  private let condition = NSCondition()
  private var jobs: [any EngineJob] = []
  private var isParked = false

  private init() {
    let thread = Thread { [unowned self] in work() }
    thread.name = "brevis-mlx"
    thread.stackSize = 8 << 20
    thread.qualityOfService = .userInitiated
    thread.start()
  }

  /// Runs `body` on the engine thread, with MLX's errors thrown, and waits for it. Once the process exits, jobs are refused
  /// as cancelled.
  package func run<Value>(_ body: @escaping () throws -> Value) throws -> Value {
    let job = WaitingJob(body)
    enqueue(job)
    return try job.wait()
  }

  /// Hands over a job that destroys what it holds, without waiting.
  func dispose(_ job: any EngineJob) { enqueue(job) }

  /// Lets the running job end, refuses the waiting ones, and leaves the thread asleep for good, so that nothing computes while
  /// C++ destroys its statics. Called when the process exits.
  func park() {
    let parking = ParkingJob()
    condition.lock()
    let refused = jobs
    jobs = [parking]
    isParked = true
    condition.signal()
    condition.unlock()
    for job in refused { job.refuse() }
    parking.reached.wait()
  }

  /// For jobs that go on for long.
  func checkNotExiting() throws {
    condition.lock()
    defer { condition.unlock() }
    if isParked { throw EngineThread.exiting }
  }

  static let exiting = EngineError.cancelled("the process is exiting")

  private func enqueue(_ job: any EngineJob) {
    condition.lock()
    let isRefused = isParked
    if !isRefused {
      jobs.append(job)
      condition.signal()
    }
    condition.unlock()
    if isRefused { job.refuse() }
  }

  private func work() {
    while true {
      condition.lock()
      while jobs.isEmpty { condition.wait() }
      let job = jobs.removeFirst()
      condition.unlock()
      releasingObjects { job.perform() }
    }
  }
}

/// Metal's objects are released with the job that made them.
private func releasingObjects(_ body: () -> Void) {
  #if canImport(ObjectiveC)
    autoreleasepool(invoking: body)
  #else
    body()
  #endif
}
