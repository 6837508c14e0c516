import CBrevisEngine
import MLX

/// brv_open_options, checked.
struct OpenOptions {
  let floatActivations: Bool
  /// Group size for 8-bit quantization while loading (0: chosen by row); nil: weights as stored.
  let quantizeGroup: Int?

  init(_ options: brv_open_options) throws {
    guard options.threads >= 0 else {
      throw EngineError.argument("threads: expected 0 or more, got \(options.threads)")
    }
    guard options.quantize_bits == 0 || options.quantize_bits == 8 else {
      throw EngineError.unsupported("quantize_bits: expected 0 or 8, got \(options.quantize_bits)")
    }
    guard options.quantize_group >= 0 else {
      throw EngineError.argument("quantize_group: expected 0 or more, got \(options.quantize_group)")
    }
    switch Int(options.activations) {
    case BRV_ACTIVATIONS_AUTO: floatActivations = false
    case BRV_ACTIVATIONS_FLOAT: floatActivations = true
    case BRV_ACTIVATIONS_INT8: throw EngineError.unsupported("the MLX engine has no int8 activations")
    default: throw EngineError.argument("activations: expected BRV_ACTIVATIONS_*, got \(options.activations)")
    }
    quantizeGroup = options.quantize_bits == 8 ? Int(options.quantize_group) : nil
  }

  /// Bytes of weights up to which a keep model counts as small.
  private static let smallModel = 256 << 20

  /// The type that a model computes in: its weights' own, unless float32 is asked for. A small keep model takes float32 anyway: its
  /// time goes into starting kernels rather than into reading weights, and its decisions are then those of the CPU engine.
  func computeType(of plan: WeightPlan) -> DType {
    let isSmallKeepModel = plan.config.task == .keep && plan.byteCount <= OpenOptions.smallModel
    return floatActivations || isSmallKeepModel ? .float32 : plan.typical.floatType.dtype!
  }

  /// Group sizes of the layers that are quantized while loading, by name.
  func chooseGroups(of plan: WeightPlan) throws -> [String: Int] { try plan.linears.compactMapValues(chooseGroup) }

  private func chooseGroup(for plan: LinearPlan) throws -> Int? {
    guard let asked = quantizeGroup, plan.format == .dense else { return nil }
    let candidates = asked == 0 ? [64, 32] : LinearPlan.groups.filter { $0 == asked }
    guard let group = candidates.first(where: plan.inputs.isMultiple(of:)) else {
      throw EngineError.unsupported(
        "\(plan.tensors[0].description): rows of \(plan.inputs) do not divide into quantization groups"
          + (asked == 0 ? " of 32 or more" : " of \(asked)"))
    }
    return group
  }
}
