import BrevisMLX
import MLX

/// What a training begins with. Engine thread only.
enum InitialParameters {
  /// A LoRA pair beside each linear layer, as mlx-lm begins one (lora_a even within 1 / sqrt(inputs), lora_b zero), and the head: the
  /// model's own, or a new one with small weights.
  static func make(for model: FrozenModel, rank: Int, seed: Int) -> [String: MLXArray] {
    var random = SplitMix(seed: UInt64(seed))
    let draw = { (count: Int, bound: Float) in (0..<count).map { _ in bound * random.nextSigned() } }
    var parameters: [String: MLXArray] = [:]
    for (layer, shape) in model.layers.sorted(by: { $0.key < $1.key }) {
      let bound = 1 / Float(shape.inputs).squareRoot()
      parameters[layer + ".lora_a"] = MLXArray(draw(shape.inputs * rank, bound), [shape.inputs, rank])
      parameters[layer + ".lora_b"] = MLXArray.zeros([rank, shape.outputs])
    }
    let (outputs, width) = (model.config.keepOutputs, model.config.hiddenSize)
    let head = model.head()
    parameters[KeepLoss.headWeight] =
      head?.weight ?? MLXArray(draw(outputs * width, 1 / Float(width).squareRoot()), [outputs, width])
    parameters[KeepLoss.headBias] = head?.bias ?? MLXArray.zeros([outputs])
    return parameters
  }
}
