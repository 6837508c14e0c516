import CBrevisEngine
import Foundation
import MLX

/// A LoRA pair beside a linear layer, never merged into it: output += (input down) * scale up.
struct LoraPair {
  /// [inputs, rank]
  let down: MLXArray
  /// [rank, outputs]
  let up: MLXArray
  /// The adapter's own.
  let scale: Float
}

/// A loaded adapter: its pairs by the layer's name.
final class Adapter: Sendable {
  let pairs: Confined<[String: LoraPair]>

  init(pairs: Confined<[String: LoraPair]>) { self.pairs = pairs }
}

/// An adapter in use by a call.
struct AdapterUse: Sendable {
  let adapter: Adapter
  let scale: Float
}

extension [AdapterUse] {
  /// Whether keys and values that were computed with the others serve these.
  func isSame(as others: [AdapterUse]) -> Bool {
    elementsEqual(others) { $0.adapter === $1.adapter && $0.scale == $1.scale }
  }
}

/// The pairs of a call's adapters. Engine thread only.
struct ActivePairs {
  private var pairs: [String: [(pair: LoraPair, scale: Float)]] = [:]

  init(_ uses: [AdapterUse] = []) {
    for use in uses {
      use.adapter.pairs.use { loaded in
        for (layer, pair) in loaded { pairs[layer, default: []].append((pair, use.scale * pair.scale)) }
      }
    }
  }

  /// Pairs that are still being trained.
  init(trained: [String: LoraPair]) { pairs = trained.mapValues { [($0, $0.scale)] } }

  func add(to output: MLXArray, of layer: String, input: MLXArray) -> MLXArray {
    guard let active = pairs[layer] else { return output }
    return active.reduce(output) { sum, use in
      sum + matmul(matmul(input, use.pair.down) * use.scale, use.pair.up)
    }
  }
}

/// A model's adapters by name. Any thread.
final class AdapterRegistry: @unchecked Sendable {
  private let lock = NSLock()
  private var adapters: [String: Adapter] = [:]

  func put(_ adapter: Adapter, name: String) {
    // The one that is replaced is let go outside the lock.
    _ = lock.withLock { adapters.updateValue(adapter, forKey: name) }
  }

  func drop(name: String) throws {
    guard lock.withLock({ adapters.removeValue(forKey: name) }) != nil else { throw unknown(name) }
  }

  func activate(_ uses: UnsafePointer<brv_adapter_use>?, count: Int) throws -> [AdapterUse] {
    guard count > 0 else { return [] }
    guard let uses else { throw EngineError.argument("adapters: expected \(count) of them, got a null pointer") }
    return try UnsafeBufferPointer(start: uses, count: count).map { use in
      guard let name = use.name.map({ String(cString: $0) }) else {
        throw EngineError.argument("adapters: expected a name, got a null pointer")
      }
      guard use.scale.isFinite else { throw EngineError.argument("adapter \"\(name)\": expected a finite scale") }
      guard let adapter = lock.withLock({ adapters[name] }) else { throw unknown(name) }
      return AdapterUse(adapter: adapter, scale: use.scale)
    }
  }

  private func unknown(_ name: String) -> EngineError {
    .argument("adapter: none is loaded under the name \"\(name)\"")
  }
}
