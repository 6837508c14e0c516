import Foundation
import MLX

/// What is the same in the attention of all layers: shapes, rotary frequencies, and who sees whom. Engine thread only.
struct Attention {
  private let config: ModelConfig
  /// Periods of the rotation by pair of dimensions: [headSize / 2].
  private let periods: MLXArray

  /// Queries that attend together: bounds the memory of scores where MLX has no fused kernel.
  private static let queryBlock = 1024

  init(_ config: ModelConfig) {
    self.config = config
    // Rounded to float32 as transformers does: at position 6,000 a differently rounded frequency is a visibly different angle.
    let half = config.headSize / 2
    periods = MLXArray(
      (0..<half).map { index in
        Float(pow(Double(Float(config.ropeTheta)), Double(Float(2 * index) / Float(config.headSize))))
      })
  }

  /// [1, count, heads * headSize] -> normed and rotated [1, heads, count, headSize], from `position` on.
  func rotate(_ x: MLXArray, heads: Int, norm: MLXArray, count: Int, position: Int) -> MLXArray {
    let split = x.reshaped(1, count, heads, config.headSize)
    let normed = MLXFast.rmsNorm(split, weight: norm, eps: config.normEpsilon).transposed(0, 2, 1, 3)
    return MLXFast.RoPE(
      normed, dimensions: config.headSize, traditional: false, base: nil, scale: 1, offset: position, freqs: periods)
  }

  func splitValues(_ x: MLXArray, count: Int) -> MLXArray {
    x.reshaped(1, count, config.keyValueHeads, config.headSize).transposed(0, 2, 1, 3)
  }

  /// Queries [1, heads, count, headSize] over keys and values of `position + count` tokens -> [1, count, heads * headSize].
  func attend(_ queries: MLXArray, keys: MLXArray, values: MLXArray, count: Int, position: Int) -> MLXArray {
    let isCausal = config.task == .causal
    let scale = 1 / Float(config.headSize).squareRoot()
    let blocks = stride(from: 0, to: count, by: Attention.queryBlock).map { first -> MLXArray in
      let last = min(count, first + Attention.queryBlock)
      let seen = isCausal ? position + last : position + count
      return MLXFast.scaledDotProductAttention(
        queries: last - first == count ? queries : queries[.ellipsis, first..<last, 0...],
        keys: seen == position + count ? keys : keys[.ellipsis, 0..<seen, 0...],
        values: seen == position + count ? values : values[.ellipsis, 0..<seen, 0...],
        scale: scale,
        // A causal mask aligns the last query with the last key; a single query sees them all.
        mask: isCausal && last - first > 1 ? .causal : .none)
    }
    let attended = blocks.count == 1 ? blocks[0] : concatenated(blocks, axis: 2)
    return attended.transposed(0, 2, 1, 3).reshaped(1, count, config.attentionHeads * config.headSize)
  }
}
