/// A value made of MLX arrays, used and destroyed on the engine thread only, whichever thread drops the last reference to it.
package final class Confined<Value>: @unchecked Sendable {
  private let slot: Slot<Value>

  /// On the engine thread, where the value is made.
  package init(_ value: Value) { slot = Slot(value) }

  /// On the engine thread.
  package func use<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result { try body(&slot.value!) }

  deinit { EngineThread.shared.dispose(slot) }
}

/// Holds the value alone, and empties itself when its turn comes in the engine thread's queue.
private final class Slot<Value>: EngineJob {
  var value: Value?

  init(_ value: Value) { self.value = value }

  func perform() { try? Evaluation.collectingErrors { value = nil } }

  /// The process is exiting: leaked, since no other thread may free it.
  func refuse() { _ = Unmanaged.passRetained(self) }
}
