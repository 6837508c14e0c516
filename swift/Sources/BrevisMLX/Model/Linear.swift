import MLX

/// A linear layer: dense weights, or quantized ones that stay so. Engine thread only.
struct Linear {
  let name: String
  private let storage: Storage

  private enum Storage {
    /// [outputs, inputs]
    case dense(MLXArray)
    case affine(weight: MLXArray, scales: MLXArray, biases: MLXArray, bits: Int, group: Int)
  }

  /// `arrays` holds the plan's tensors by name, floats already in the type to compute in. `unpacks` makes quantized weights dense.
  init(_ plan: LinearPlan, arrays: [String: MLXArray], quantizeGroup: Int?, unpacks: Bool = false) {
    name = plan.name
    let weight = arrays[plan.tensors[0].name]!
    if case .affine(let bits, let group) = plan.format {
      let (scales, biases) = (arrays[plan.tensors[1].name]!, arrays[plan.tensors[2].name]!)
      storage =
        unpacks
        ? .dense(dequantized(weight, scales: scales, biases: biases, groupSize: group, bits: bits))
        : .affine(weight: weight, scales: scales, biases: biases, bits: bits, group: group)
    } else if let group = quantizeGroup {
      let (packed, scales, biases) = quantized(weight, groupSize: group, bits: 8)
      storage = .affine(weight: packed, scales: scales, biases: biases!, bits: 8, group: group)
    } else {
      storage = .dense(weight)
    }
  }

  var arrays: [MLXArray] {
    switch storage {
    case .dense(let weight): [weight]
    case .affine(let weight, let scales, let biases, _, _): [weight, scales, biases]
    }
  }

  /// [..., inputs] -> [..., outputs], with the adapters' pairs beside the weights.
  func callAsFunction(_ x: MLXArray, _ adapters: ActivePairs) -> MLXArray {
    let y =
      switch storage {
      case .dense(let weight): matmul(x, weight.T)
      case .affine(let weight, let scales, let biases, let bits, let group):
        quantizedMM(x, weight, scales: scales, biases: biases, transpose: true, groupSize: group, bits: bits)
      }
    return adapters.add(to: y, of: name, input: x)
  }

  /// Rows of the matrix as embeddings: ids [n] -> [n, inputs].
  func embed(_ ids: MLXArray) -> MLXArray {
    switch storage {
    case .dense(let weight): weight[ids]
    case .affine(let weight, let scales, let biases, let bits, let group):
      dequantized(weight[ids], scales: scales[ids], biases: biases[ids], groupSize: group, bits: bits)
    }
  }
}
