import CBrevisEngine
import Foundation

/// From logits to a token id: greedy, or temperature with top-k, top-p and min-p, after a repetition penalty.
struct Sampler {
  private let temperature, topP, minP, penalty: Float
  private let topK: Int
  /// State of the generator of random numbers.
  private var state: UInt64
  /// Ids of prompt and output, for the penalty.
  private var seen: Set<Int32> = []

  var isGreedy: Bool { temperature == 0 }

  init(_ sampling: brv_sampling) throws {
    for (name, value, range) in [
      ("temperature", Double(sampling.temperature), 0...100), ("top_k", Double(sampling.top_k), 0...2_147_483_647),
      ("top_p", Double(sampling.top_p), 0...1), ("min_p", Double(sampling.min_p), 0...1),
      ("repetition_penalty", Double(sampling.repetition_penalty), 0...100),
    ] as [(String, Double, ClosedRange<Double>)] where !range.contains(value) {
      throw EngineError.argument(
        "sampling: \(name): expected \(range.lowerBound) to \(range.upperBound), got \(value)")
    }
    temperature = sampling.temperature
    topK = Int(sampling.top_k)
    topP = sampling.top_p == 0 ? 1 : sampling.top_p
    minP = sampling.min_p
    penalty = sampling.repetition_penalty == 0 ? 1 : sampling.repetition_penalty
    state = sampling.seed
  }

  /// Remembers a token of prompt or output.
  mutating func note(_ token: Int32) {
    if penalty != 1 { seen.insert(token) }
  }

  /// Picks the next token; changes the logits by the penalty.
  mutating func pick(_ logits: inout [Float]) throws -> Int32 {
    if logits.withUnsafeBufferPointer(firstNotFinite) != nil {
      throw EngineError.invalid(
        "logits: expected finite values, but the model computes values that are not; its weights are broken")
    }
    for id in seen {
      let logit = logits[Int(id)]
      logits[Int(id)] = logit > 0 ? logit / penalty : logit * penalty
    }
    return isGreedy ? Sampler.largest(logits) : draw(logits)
  }

  /// Whether the largest logit leads the second by so much of its size that another order of summing cannot have made it so.
  static func hasClearLead(_ logits: [Float], margin: Float) -> Bool {
    var (first, second) = (-Float.infinity, -Float.infinity)
    for logit in logits {
      if logit > first {
        (first, second) = (logit, first)
      } else if logit > second {
        second = logit
      }
    }
    return first - second > margin * max(1, abs(first))
  }

  /// The lowest id among equals.
  private static func largest(_ logits: [Float]) -> Int32 {
    var best = 0
    for index in 1..<max(1, logits.count) where logits[index] > logits[best] { best = index }
    return Int32(best)
  }

  private mutating func draw(_ logits: [Float]) -> Int32 {
    let candidates = likeliest(logits)
    let largest = Double(logits[candidates[0]])
    let weights = candidates.map { exp((Double(logits[$0]) - largest) / Double(temperature)) }
    let kept = countKept(weights)
    var target = nextUniform() * weights[..<kept].reduce(0, +)
    for index in 0..<kept - 1 {
      target -= weights[index]
      if target < 0 { return Int32(candidates[index]) }
    }
    return Int32(candidates[kept - 1])
  }

  /// The top k ids, likeliest first, the lower id among equals.
  private func likeliest(_ logits: [Float]) -> [Int] {
    let order = logits.indices.sorted { logits[$0] != logits[$1] ? logits[$0] > logits[$1] : $0 < $1 }
    return topK > 0 ? Array(order.prefix(topK)) : order
  }

  /// Candidates that top-p and min-p leave; at least one.
  private func countKept(_ weights: [Double]) -> Int {
    var kept = weights.count
    if topP < 1 {
      let limit = Double(topP) * weights.reduce(0, +)
      var sum = 0.0
      kept = 0
      while kept < weights.count, sum < limit {
        sum += weights[kept]
        kept += 1
      }
    }
    // The likeliest weighs exactly 1, so min_p compares with the weight itself.
    while kept > 1, weights[kept - 1] < Double(minP) { kept -= 1 }
    return max(1, kept)
  }

  /// SplitMix64 (Steele, Lea, Flood 2014): the same on every platform, and as in the CPU engine.
  private mutating func nextUniform() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    z ^= z >> 31
    return Double(z >> 11) * 0x1p-53
  }
}
