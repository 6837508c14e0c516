import BrevisMLX
import MLX

/// The loss of the keep task on a frozen model beside LoRA pairs and a head that are trained. Engine thread only.
struct KeepLoss {
  let model: FrozenModel
  let scale: Float

  static let headWeight = "keep_head.weight"
  static let headBias = "keep_head.bias"

  /// Logits of one sequence: [tokens, outputs].
  func logits(_ example: TrainingExample, _ parameters: [String: MLXArray]) -> MLXArray {
    var pairs: [String: (down: MLXArray, up: MLXArray)] = [:]
    for (name, down) in parameters where name.hasSuffix(".lora_a") {
      let layer = String(name.dropLast(".lora_a".count))
      pairs[layer] = (down, parameters[layer + ".lora_b"]!)
    }
    let hidden = model.forward(example.tokens, features: example.features, pairs: pairs, scale: scale)
    return matmul(hidden, parameters[KeepLoss.headWeight]!.T) + parameters[KeepLoss.headBias]!
  }

  /// Weighted sum of the cross-entropies of all groups, in nats.
  func sum(_ example: TrainingExample, _ parameters: [String: MLXArray]) -> MLXArray {
    let logits = logits(example, parameters)
    return example.labels.reduce(MLXArray(Float(0))) { sum, label in
      let means = matmul(KeepLoss.means(over: label), logits[0..., label.output])
      // -t log s(z) - (1 - t) log(1 - s(z)), from logits so that it cannot overflow.
      let entropies = logAddExp(means, MLXArray(Float(0))) - means * MLXArray(label.targets)
      return sum + (entropies * MLXArray(label.weights)).sum()
    }
  }

  /// [groups, tokens]: each row takes the mean over its group's tokens.
  private static func means(over label: TrainingExample.Label) -> MLXArray {
    let (groups, tokens) = (label.targets.count, label.groups.count)
    var sizes = [Float](repeating: 0, count: groups)
    for group in label.groups where group >= 0 { sizes[Int(group)] += 1 }
    var shares = [Float](repeating: 0, count: groups * tokens)
    for (token, group) in label.groups.enumerated() where group >= 0 {
      shares[Int(group) * tokens + token] = 1 / sizes[Int(group)]
    }
    return MLXArray(shares, [groups, tokens])
  }
}
