import Foundation
import MLX

/// The memory of one open model's weights: wired while it is open, all models together up to the GPU's working set, and given back
/// to the system after the last one. Made and destroyed on the engine thread, beside the weights.
final class WeightResidency {
  private nonisolated(unsafe) static var open = 0
  private let ticket: WiredMemoryTicket?

  /// Nothing is wired on a CPU.
  init(bytes: Int, device: ComputeDevice) {
    WeightResidency.open += 1
    ticket = device.workingSet.map { WiredMemoryTicket(size: bytes, policy: CappedSum(cap: $0)) }
    if let ticket { WeightResidency.wait { _ = await ticket.start() } }
  }

  deinit {
    if let ticket { WeightResidency.wait { _ = await ticket.end() } }
    WeightResidency.open -= 1
    EngineThread.shared.dispose(CacheClearing())
  }

  /// After the weights themselves are gone, MLX still keeps their buffers for others.
  private final class CacheClearing: EngineJob {
    func perform() {
      if WeightResidency.open == 0 { try? Evaluation.collectingErrors { Memory.clearCache() } }
    }

    func refuse() {}
  }

  /// MLX's manager of wired memory is an actor; the engine thread waits for it.
  private static func wait(_ body: @escaping @Sendable () async -> Void) {
    let done = DispatchSemaphore(value: 0)
    Task {
      await body()
      done.signal()
    }
    done.wait()
  }
}

private struct CappedSum: WiredMemoryPolicy, Hashable {
  let cap: Int

  func limit(baseline: Int, activeSizes: [Int]) -> Int { min(cap, baseline + activeSizes.reduce(0, +)) }
}
