import Foundation
import MLX

/// An open model whose weights stay as they are, for a trainer: its forward pass beside LoRA pairs that change. Bidirectional, as keep
/// models are, also where the files hold a causal model.
package final class FrozenModel: @unchecked Sendable {
  /// As that of a keep model.
  package let config: ModelConfig
  package let directory: String
  /// The files' tensors, as stored.
  package let files: TensorFiles
  /// The type that it computes in.
  package let type: DType
  /// Bytes of all tensors in use.
  package let byteCount: Int
  private let plan: WeightPlan
  private let weights: Confined<ModelWeights>

  /// Up to so many bytes of weights are computed with in float32, and an adapter is merged into them.
  package static let smallModel = 256 << 20

  /// `outputs`: values a token of the head that is to be trained, for a model without a keep head.
  package static func open(directory: String, outputs: Int) throws -> FrozenModel {
    let configPath = directory + "/config.json"
    var config = try ModelConfig.parse(WeightFile.readDocument(configPath, limit: 1 << 20), source: configPath)
    let hasHead = config.task == .keep
    if !hasHead {
      config.task = .keep
      config.keepOutputs = outputs
    }
    let files = try TensorFiles.openModel(directory: directory)
    let plan = try WeightPlan(config: config, files: files, hasHead: hasHead)
    // Small quantized weights are made dense: a step meets them three times, and MLX has no fast kernels for them on a CPU.
    let isSmall = plan.byteCount <= smallModel
    let type = isSmall ? .float32 : plan.typical.floatType.dtype!
    let device = try EngineThread.shared.run { try ComputeDevice.current.get() }
    try device.checkRoom(for: plan.byteCount, directory: directory)
    let arrays = try WeightLoader(files: files, type: type).load(plan, groups: [:], cancel: CancelFlag())
    let weights = try EngineThread.shared.run {
      try arrays.use { Confined(try ModelWeights(plan, arrays: $0, groups: [:], unpacks: isSmall, device: device)) }
    }
    return FrozenModel(plan, directory: directory, files: files, type: type, weights: weights)
  }

  private init(
    _ plan: WeightPlan, directory: String, files: TensorFiles, type: DType, weights: Confined<ModelWeights>
  ) {
    self.plan = plan
    self.directory = directory
    self.files = files
    self.type = type
    self.weights = weights
    config = plan.config
    byteCount = plan.byteCount
  }

  /// The linear layers of the transformer, by name, each [outputs, inputs].
  package var layers: [String: (outputs: Int, inputs: Int)] {
    plan.linears.mapValues { ($0.outputs, $0.inputs) }
  }

  /// How a layer's weights are stored: bits and group of quantized ones, and the type of its floats (their scales').
  package func format(of layer: String) -> (bits: Int, group: Int, floats: DType)? {
    guard let plan = plan.linears[layer] else { return nil }
    guard case .affine(let bits, let group) = plan.format else { return (0, 0, plan.floatType.dtype!) }
    return (bits, group, plan.floatType.dtype!)
  }

  /// Normalized output [tokens, hiddenSize] in float32 of one sequence, `features` being [tokens, features] row-major, with
  /// output += (input down) * scale up beside each layer that has a pair: down [inputs, rank], up [rank, outputs]. Engine thread only.
  package func forward(
    _ tokens: [Int32], features: [Int32], pairs: [String: (down: MLXArray, up: MLXArray)], scale: Float
  ) -> MLXArray {
    let active = ActivePairs(
      trained: pairs.mapValues { LoraPair(down: $0.down.asType(type), up: $0.up.asType(type), scale: scale) })
    var cache: KeyValueCache?
    let hidden = weights.use {
      $0.qwen3.forward(tokens[...], featureIds: features[...], cache: &cache, adapters: active)
    }
    return hidden.reshaped(tokens.count, config.hiddenSize).asType(.float32)
  }

  /// The model's own keep head in float32, [outputs, hiddenSize] and [outputs]; nothing in a model without. Engine thread only.
  package func head() -> (weight: MLXArray, bias: MLXArray?)? {
    weights.use { $0.qwen3.headRows }.map { ($0.weight.asType(.float32), $0.bias?.asType(.float32)) }
  }
}
