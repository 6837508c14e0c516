import CBrevisEngine

/// brv_batch, checked and copied.
struct Batch {
  let tokens: [Int32]
  /// Rows of each sequence, one after the other.
  let sequences: [Range<Int>]
  /// [tokens, featureCount], row-major.
  let features: [Int32]
  let featureCount: Int

  init(_ batch: brv_batch, config: ModelConfig) throws {
    guard let tokens = batch.tokens, let lengths = batch.lengths, batch.sequence_count > 0 else {
      throw EngineError.argument("batch: expected tokens and lengths of at least one sequence")
    }
    var sequences: [Range<Int>] = []
    for (index, length) in UnsafeBufferPointer(start: lengths, count: batch.sequence_count).enumerated() {
      guard (1...config.context).contains(Int(length)) else {
        throw EngineError.argument(
          "batch: sequence \(index): expected 1 to \(config.context) tokens, got \(length)")
      }
      let start = sequences.last?.upperBound ?? 0
      sequences.append(start..<start + Int(length))
    }
    let total = sequences.last!.upperBound
    guard total == batch.token_count else {
      throw EngineError.argument(
        "batch: expected token_count \(total) as lengths add up to, got \(batch.token_count)")
    }
    self.tokens = Array(UnsafeBufferPointer(start: tokens, count: total))
    self.sequences = sequences
    try checkIds(self.tokens, below: config.vocabulary, "token")
    featureCount = config.features.count
    features = try Batch.readFeatures(batch, config: config, total: total)
  }

  private static func readFeatures(_ batch: brv_batch, config: ModelConfig, total: Int) throws -> [Int32] {
    let count = config.features.count
    guard (batch.features != nil) == (count > 0) else {
      throw EngineError.argument(
        "batch: expected \(count) features a token, got \(batch.features == nil ? "none" : "some")")
    }
    guard let features = batch.features else { return [] }
    let ids = Array(UnsafeBufferPointer(start: features, count: total * count))
    for (index, id) in ids.enumerated() {
      let feature = config.features[index % count]
      try checkIds([id], below: feature.size, "feature \(feature.name)")
    }
    return ids
  }

  func features(of sequence: Range<Int>) -> ArraySlice<Int32> {
    features[sequence.lowerBound * featureCount..<sequence.upperBound * featureCount]
  }
}

/// `what` names the ids in the message.
package func checkIds(_ ids: [Int32], below limit: Int, _ what: String) throws {
  if let index = ids.firstIndex(where: { $0 < 0 || $0 >= limit }) {
    throw EngineError.argument("\(what) \(index): expected an id from 0 to \(limit - 1), got \(ids[index])")
  }
}
