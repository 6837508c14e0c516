import Foundation
import MLX

/// Reads a LoRA adapter from the directory that mlx-lm or PEFT wrote. Refuses by name DoRA, saved modules, trained biases and other
/// kinds, and pairs whose layer or shape does not fit the model.
struct AdapterFiles {
  private let config: AdapterConfig
  private let files: TensorFiles
  /// By layer, checked: down and up halves.
  private let halves: [String: (down: Tensor, up: Tensor)]

  init(directory: String, layers: [String: LinearPlan]) throws {
    let configPath = directory + "/adapter_config.json"
    config = try AdapterConfig.parse(
      WeightFile.readDocument(configPath, limit: 1 << 20), source: configPath)
    let path = directory + (config.format == .mlx ? "/adapters.safetensors" : "/adapter_model.safetensors")
    do {
      files = try TensorFiles.openFile(path, directory: directory)
    } catch let error as EngineError where error.isNotFound {
      throw EngineError.notFound("\(path): expected the adapter's weights, but there is no such file")
    }
    halves = try AdapterFiles.pair(files.tensors, format: config.format, layers: layers, path: path)
  }

  /// Copies the pairs into memory, in the type that the model computes in.
  func load(as type: DType, cancel: CancelFlag) throws -> Adapter {
    var loaded: [(layer: String, down: Tensor, downBytes: Data, up: Tensor, upBytes: Data)] = []
    for (layer, half) in halves {
      try cancel.check()
      loaded.append((layer, half.down, try read(half.down), half.up, try read(half.up)))
    }
    let isTransposed = config.format == .mlx
    return try EngineThread.shared.run { [config] in
      var pairs: [String: LoraPair] = [:]
      for (layer, down, downBytes, up, upBytes) in loaded {
        let half = { (tensor: Tensor, bytes: Data) -> MLXArray in
          let array = MLXArray(bytes, tensor.shape, dtype: tensor.type.dtype!).asType(type)
          // PEFT holds both halves as [outputs, inputs].
          return isTransposed ? array : contiguous(array.T)
        }
        let rank = down.shape[isTransposed ? 1 : 0]
        pairs[layer] = LoraPair(
          down: half(down, downBytes), up: half(up, upBytes), scale: config.scale(of: layer, rank: rank))
      }
      try Evaluation.evaluate(pairs.values.flatMap { [$0.down, $0.up] })
      return Adapter(pairs: Confined(pairs))
    }
  }

  private func read(_ tensor: Tensor) throws -> Data {
    let bytes = try files.read(tensor)
    try checkFinite(bytes, of: tensor)
    return bytes
  }

  private static func pair(
    _ tensors: [String: Tensor], format: AdapterConfig.Format, layers: [String: LinearPlan], path: String
  ) throws -> [String: (down: Tensor, up: Tensor)] {
    var down: [String: Tensor] = [:]
    var up: [String: Tensor] = [:]
    for tensor in tensors.values.sorted(by: { $0.name < $1.name }) {
      let role = try readRole(tensor, format: format)
      guard let layer = layers[role.layer] else {
        throw EngineError.invalid("\(tensor.description): the model has no linear layer \(role.layer)")
      }
      try checkShape(tensor, isDown: role.isDown, format: format, layer: layer)
      if role.isDown { down[role.layer] = tensor } else { up[role.layer] = tensor }
    }
    guard !tensors.isEmpty else { throw EngineError.invalid("\(path): expected LoRA pairs, but it holds no tensor") }
    return try Dictionary(
      uniqueKeysWithValues: Set(down.keys).union(up.keys).sorted().map { layer in
        guard let down = down[layer], let up = up[layer] else {
          throw EngineError.invalid("\(path): layer \(layer): expected both halves of its LoRA pair")
        }
        let rank = down.shape[rankAxis(isDown: true, format)]
        guard up.shape[rankAxis(isDown: false, format)] == rank else {
          throw EngineError.invalid("\(up.description): expected rank \(rank) as in the pair's other half")
        }
        return (layer, (down, up))
      })
  }

  /// "model.layers.0.self_attn.q_proj.lora_a" (mlx-lm) or "base_model.model.<the same>.lora_A.weight" (PEFT).
  private static func readRole(
    _ tensor: Tensor, format: AdapterConfig.Format
  ) throws -> (layer: String, isDown: Bool) {
    let ends = format == .mlx ? (".lora_a", ".lora_b") : (".lora_A.weight", ".lora_B.weight")
    for (end, isDown) in [(ends.0, true), (ends.1, false)] where tensor.name.hasSuffix(end) {
      var layer = String(tensor.name.dropLast(end.count))
      let prefix = "base_model.model."
      if format == .peft, layer.hasPrefix(prefix) { layer.removeFirst(prefix.count) }
      return (layer, isDown)
    }
    throw EngineError.unsupported(
      "\(tensor.description): expected only LoRA pairs (lora_a, lora_b), no DoRA, embedding or saved module")
  }

  /// mlx-lm: a [inputs, rank], b [rank, outputs]. PEFT: A [rank, inputs], B [outputs, rank].
  private static func rankAxis(isDown: Bool, _ format: AdapterConfig.Format) -> Int {
    (format == .mlx) == isDown ? 1 : 0
  }

  private static func checkShape(
    _ tensor: Tensor, isDown: Bool, format: AdapterConfig.Format, layer: LinearPlan
  ) throws {
    let outer = isDown ? layer.inputs : layer.outputs
    let axis = rankAxis(isDown: isDown, format)
    guard tensor.shape.count == 2, tensor.shape[1 - axis] == outer, tensor.shape[axis] > 0 else {
      throw EngineError.invalid(
        "\(tensor.description): expected a rank and \(outer) for a layer of "
          + describe([layer.outputs, layer.inputs]))
    }
    guard tensor.type.isFloat else { throw EngineError.invalid("\(tensor.description): expected F32, F16 or BF16") }
  }
}
