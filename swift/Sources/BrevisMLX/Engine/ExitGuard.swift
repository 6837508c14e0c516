import Foundation

/// Keeps `exit()` during work from crashing. C++ destroys its statics in the reverse order of their making, mixed with atexit
/// handlers: one that is registered after MLX made its statics runs before they go, and parks the engine thread.
enum ExitGuard {
  private nonisolated(unsafe) static var evaluations = 0
  private nonisolated(unsafe) static var hasParked = false

  /// After an evaluation; engine thread only. MLX may make more statics when it meets an operation for the first time, so the
  /// handler is registered again after evaluations 1, 2, 4, 8, ...
  static func renew() {
    evaluations += 1
    guard evaluations & (evaluations - 1) == 0 else { return }
    atexit { ExitGuard.parkOnce() }
  }

  /// Handlers run one after the other, on the thread that exits.
  private static func parkOnce() {
    guard !hasParked else { return }
    hasParked = true
    EngineThread.shared.park()
  }
}
