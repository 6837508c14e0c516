import MLX

/// One weight matrix [outputs, inputs] as the files have it, checked before anything is loaded.
struct LinearPlan {
  /// Without ".weight".
  let name: String
  let outputs, inputs: Int
  let format: WeightFormat
  /// The weight, and the scales and biases of a quantized one.
  let tensors: [Tensor]

  var byteCount: Int { tensors.reduce(0) { $0 + $1.bytes.count } }
  /// Of the floats: the weights themselves, or their scales.
  var floatType: TensorType { tensors.last!.type }
}

enum WeightFormat: Equatable {
  case dense
  /// MLX affine: weight = scale * q + bias, one scale and bias for each row and group of inputs.
  case affine(bits: Int, group: Int)
}

extension LinearPlan {
  /// Group sizes that MLX has kernels for.
  static let groups = [32, 64, 128]

  /// Finds `<name>.weight` (and `.scales`, `.biases`) and checks types and shapes.
  init(_ name: String, _ outputs: Int, _ inputs: Int, in files: TensorFiles) throws {
    self.name = name
    self.outputs = outputs
    self.inputs = inputs
    if let weight = files.tensors[name + ".weight"], weight.type == .u32 {
      let (scales, biases) = try LinearPlan.findScales(of: weight, name: name, in: files)
      format = try LinearPlan.readAffine(weight, scales, outputs: outputs, inputs: inputs)
      tensors = [weight, scales, biases]
      return
    }
    let weight = try files.require(name + ".weight", shape: [outputs, inputs])
    guard weight.type.isFloat else {
      throw EngineError.invalid("\(weight.description): expected F32, F16, BF16 or packed U32")
    }
    format = .dense
    tensors = [weight]
  }

  private static func findScales(
    of weight: Tensor, name: String, in files: TensorFiles
  ) throws -> (scales: Tensor, biases: Tensor) {
    guard let scales = files.tensors[name + ".scales"], let biases = files.tensors[name + ".biases"] else {
      throw EngineError.invalid("\(weight.description): expected tensors \(name).scales and .biases beside it")
    }
    guard biases.shape == scales.shape, biases.type == scales.type else {
      throw EngineError.invalid("\(biases.description): expected the type and shape of \(scales.description)")
    }
    guard scales.type.isFloat else {
      throw EngineError.invalid("\(scales.description): expected F32, F16 or BF16")
    }
    return (scales, biases)
  }

  /// Bits and group size follow from the shapes, so layers may differ (mixed-precision checkpoints).
  private static func readAffine(_ weight: Tensor, _ scales: Tensor, outputs: Int, inputs: Int) throws -> WeightFormat {
    let isMatrix = weight.shape.count == 2 && scales.shape.count == 2
    guard isMatrix, weight.shape[0] == outputs, weight.shape[1] > 0, scales.shape[0] == outputs else {
      throw EngineError.invalid(
        "\(weight.description): expected packed rows for a matrix \(describe([outputs, inputs])) with scales, "
          + "got scales \(describe(scales.shape))")
    }
    let (words, groups) = (weight.shape[1], scales.shape[1])
    let bits = words * 32 / inputs
    guard bits * inputs == words * 32 else {
      throw EngineError.invalid("\(weight.description): rows of \(words) words cannot hold \(inputs) columns")
    }
    guard bits == 4 || bits == 8 else {
      throw EngineError.unsupported("\(weight.description): \(bits)-bit weights are not supported, only 4 and 8")
    }
    guard groups > 0, inputs.isMultiple(of: groups) else {
      throw EngineError.invalid("\(scales.description): \(groups) groups do not divide \(inputs) columns")
    }
    guard LinearPlan.groups.contains(inputs / groups) else {
      throw EngineError.unsupported(
        "\(scales.description): groups of \(inputs / groups) are not supported, only \(describe(LinearPlan.groups))")
    }
    return .affine(bits: bits, group: inputs / groups)
  }
}
