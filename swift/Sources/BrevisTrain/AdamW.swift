import Foundation
import MLX

/// AdamW with corrected biases (Loshchilov and Hutter, ICLR 2019), as PyTorch computes it. Not the one of MLXOptimizers, whose state can
/// be read but not put back, and a training has to go on from a checkpoint with the same bits. Engine thread only.
struct AdamW {
  /// Running means of the gradients and of their squares, by the parameter's name.
  private(set) var first: [String: MLXArray]
  private(set) var second: [String: MLXArray]
  /// Steps behind it.
  private(set) var step: Int

  private static let (beta1, beta2): (Float, Float) = (0.9, 0.999)
  private static let epsilon: Float = 1e-8

  init(_ parameters: [String: MLXArray]) {
    first = parameters.mapValues { MLXArray.zeros(like: $0) }
    second = first
    step = 0
  }

  init(first: [String: MLXArray], second: [String: MLXArray], step: Int) {
    self.first = first
    self.second = second
    self.step = step
  }

  var arrays: [MLXArray] { Array(first.values) + Array(second.values) }

  /// Vectors (biases) are not pulled to zero.
  mutating func update(
    _ parameters: inout [String: MLXArray], gradients: [String: MLXArray], rate: Float, weightDecay: Float
  ) {
    step += 1
    let correction1 = 1 - pow(Double(AdamW.beta1), Double(step))
    let correction2 = 1 - pow(Double(AdamW.beta2), Double(step))
    for (name, gradient) in gradients {
      let mean = AdamW.beta1 * first[name]! + (1 - AdamW.beta1) * gradient
      let square = AdamW.beta2 * second[name]! + (1 - AdamW.beta2) * gradient * gradient
      let size = sqrt(square) * Float(1 / correction2.squareRoot()) + AdamW.epsilon
      let old = parameters[name]!
      let decayed = old.ndim > 1 ? old * (1 - rate * weightDecay) : old
      parameters[name] = decayed - Float(Double(rate) / correction1) * mean / size
      first[name] = mean
      second[name] = square
    }
  }
}
