import Foundation
import MLX

/// Brings a plan's tensors into memory. The caller's thread reads the files, so that other models' calls go on meanwhile.
struct WeightLoader {
  let files: TensorFiles
  /// What floats are brought to.
  let type: DType

  /// Arrays by the tensors' names. `cancel` is looked at between tensors.
  func load(_ plan: WeightPlan, groups: [String: Int], cancel: CancelFlag) throws -> Confined<[String: MLXArray]> {
    let store = try EngineThread.shared.run { Confined([String: MLXArray]()) }
    let checked = tensorsToCheck(plan, groups: groups)
    for tensor in plan.tensors {
      try cancel.check()
      let bytes = try files.read(tensor)
      if checked.contains(tensor.name) { try checkFinite(bytes, of: tensor) }
      try EngineThread.shared.run { [type] in
        let array = MLXArray(bytes, tensor.shape, dtype: tensor.type.dtype!)
        let converted = tensor.type.isFloat ? array.asType(type) : array
        try Evaluation.evaluate([converted])
        store.use { $0[tensor.name] = converted }
      }
    }
    return store
  }

  /// What must be finite: norms, scales and biases, and weights that are quantized while loading.
  private func tensorsToCheck(_ plan: WeightPlan, groups: [String: Int]) -> Set<String> {
    let affine = (Array(plan.linears.values) + plan.outerLinears.values).filter { $0.format != .dense }
    return Set(plan.vectors.keys)
      .union(affine.flatMap { $0.tensors.dropFirst().map(\.name) })
      .union(groups.keys.map { $0 + ".weight" })
  }
}
