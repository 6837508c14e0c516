import Foundation

/// What waits in the engine thread's queue.
protocol EngineJob: AnyObject {
  /// On the engine thread.
  func perform()
  /// On another thread, in place of perform(): the process is exiting.
  func refuse()
}

/// A job whose caller waits for its value.
final class WaitingJob<Value>: EngineJob, @unchecked Sendable {
  private var body: (() throws -> Value)?
  private var outcome: Result<Value, any Error>?
  private let done = DispatchSemaphore(value: 0)

  init(_ body: @escaping () throws -> Value) { self.body = body }

  func perform() {
    outcome = Result {
      try Evaluation.collectingErrors { try ComputeDevice.current.get().use(body!) }
    }
    // What the closure holds is destroyed here, not by the caller.
    body = nil
    done.signal()
  }

  func refuse() {
    outcome = .failure(EngineThread.exiting)
    done.signal()
  }

  func wait() throws -> Value {
    done.wait()
    return try outcome!.get()
  }
}

/// The last job: it never ends.
final class ParkingJob: EngineJob {
  let reached = DispatchSemaphore(value: 0)

  func perform() {
    reached.signal()
    while true { sleep(1000) }
  }

  func refuse() {}
}
