import CBrevisEngine
import MLX

extension brv_model_info {
  init(_ plan: WeightPlan, type: DType, groups: [String: Int], device: ComputeDevice) {
    let config = plan.config
    var (bits, group) = (plan.typical.floatType == .f32 ? 32 : 16, 0)
    if case .affine(let stored, let size) = plan.typical.format {
      (bits, group) = (stored, size)
    } else if let size = groups[plan.typical.name] {
      (bits, group) = (8, size)
    }
    self.init(
      task: Int32(config.task == .keep ? BRV_TASK_KEEP : BRV_TASK_CAUSAL),
      vocabulary: Int32(config.vocabulary),
      hidden_size: Int32(config.hiddenSize),
      layers: Int32(config.layers),
      attention_heads: Int32(config.attentionHeads),
      key_value_heads: Int32(config.keyValueHeads),
      head_size: Int32(config.headSize),
      context: Int32(config.context),
      keep_outputs: Int32(config.keepOutputs),
      feature_count: Int32(config.features.count),
      weight_bits: Int32(bits),
      weight_group: Int32(group),
      activation_bits: Int32(type.size * 8),
      threads: 1,
      weight_bytes: Int64(plan.byteCount),
      kernels: device.kernels)
  }
}
