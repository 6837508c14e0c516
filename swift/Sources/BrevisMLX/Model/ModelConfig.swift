import Foundation

package enum ModelTask { case causal, keep }

/// A table of embeddings, chosen by an id that the caller gives beside each token, and added to the token's own embedding.
package struct Feature: Equatable {
  /// Tensor "feature_embeddings.<name>.weight" of shape [size, hiddenSize].
  package let name: String
  /// Ids are below this.
  package let size: Int
}

/// What config.json of a model directory says, checked.
package struct ModelConfig: Equatable {
  package var vocabulary, hiddenSize, intermediateSize, layers: Int
  var attentionHeads, keyValueHeads, headSize: Int
  /// max_position_embeddings.
  package var context: Int
  var normEpsilon: Float
  var ropeTheta: Double
  var tiedEmbeddings: Bool
  package var task = ModelTask.causal
  /// Values a token; 0 for causal models.
  package var keepOutputs = 0
  /// Keep models only.
  package var features: [Feature] = []

  /// The vocabulary, or a keep head's outputs.
  var headOutputs: Int { task == .keep ? keepOutputs : vocabulary }

  /// `source` is the document's path, for messages. Refuses by name what other models have.
  static func parse(_ document: Data, source: String) throws -> ModelConfig {
    let fields = try JSONFields(JSONValue.parse(document, source: source), source: source)
    try refuseOtherArchitectures(fields)
    try refuseOtherQuantizations(fields)
    let widths = 1...(1 << 20)
    let heads = try fields.size("num_attention_heads", in: 1...1024)
    var config = ModelConfig(
      vocabulary: try fields.size("vocab_size", in: 1...(1 << 24)),
      hiddenSize: try fields.size("hidden_size", in: widths),
      intermediateSize: try fields.size("intermediate_size", in: widths),
      layers: try fields.size("num_hidden_layers", in: 1...1024),
      attentionHeads: heads,
      keyValueHeads: try fields.size("num_key_value_heads", in: 1...1024, default: heads),
      // Qwen3's own default; the size does not follow from hidden_size.
      headSize: try fields.size("head_dim", in: 2...1024, default: 128),
      context: try fields.size("max_position_embeddings", in: 1...(1 << 24), default: 32768),
      normEpsilon: Float(try fields.number("rms_norm_eps", default: 1e-6)),
      ropeTheta: try readRopeTheta(fields),
      tiedEmbeddings: try fields.flag("tie_word_embeddings", default: false))
    guard heads.isMultiple(of: config.keyValueHeads) else {
      throw fields.failure("num_key_value_heads", "a divisor of num_attention_heads \(heads)")
    }
    guard config.headSize.isMultiple(of: 2) else { throw fields.failure("head_dim", "an even number") }
    guard config.normEpsilon >= 0 else { throw fields.failure("rms_norm_eps", "a number that is not negative") }
    try config.readTask(fields)
    return config
  }

  private static func refuseOtherArchitectures(_ fields: JSONFields) throws {
    guard fields.find("num_experts") == nil, fields.find("num_local_experts") == nil else {
      throw EngineError.unsupported("\(fields.source): mixture-of-experts models (num_experts) are not supported")
    }
    try expect(fields, "model_type", default: "", is: "qwen3")
    for flag in ["attention_bias", "use_sliding_window"] where try fields.flag(flag, default: false) {
      throw EngineError.unsupported("\(fields.source): \(flag) is not supported")
    }
    try expect(fields, "hidden_act", default: "silu", is: "silu")
  }

  private static func expect(
    _ fields: JSONFields, _ key: String, default fallback: String, is expected: String
  ) throws {
    let value = try fields.string(key, default: fallback)
    guard value == expected else {
      throw EngineError.unsupported("\(fields.source): \"\(key)\": expected \"\(expected)\", got \"\(value)\"")
    }
  }

  /// mlx-lm writes "quantization"; other schemes write "quantization_config" with a quant_method of theirs.
  private static func refuseOtherQuantizations(_ fields: JSONFields) throws {
    for key in ["quantization", "quantization_config"] {
      guard let section = try fields.section(key) else { continue }
      let method = try section.string("quant_method", default: "")
      guard method.isEmpty else {
        throw EngineError.unsupported(
          "\(fields.source): quantization method \"\(method)\" is not supported, only MLX affine")
      }
      let mode = try section.string("mode", default: "affine")
      guard mode == "affine" else {
        throw EngineError.unsupported("\(fields.source): quantization mode \"\(mode)\" is not supported, only affine")
      }
    }
  }

  /// rope_theta stands at the top in older configs, under rope_parameters in newer ones.
  private static func readRopeTheta(_ fields: JSONFields) throws -> Double {
    var theta = try fields.number("rope_theta", default: 10000)
    for key in ["rope_scaling", "rope_parameters"] {
      guard let section = try fields.section(key) else { continue }
      let type = try section.string("rope_type", default: section.string("type", default: "default"))
      guard type == "default" else {
        throw EngineError.unsupported("\(fields.source): \(key) of type \"\(type)\" is not supported")
      }
      theta = try section.number("rope_theta", default: theta)
    }
    guard theta > 0 else { throw fields.failure("rope_theta", "a positive number") }
    return theta
  }

  private mutating func readTask(_ fields: JSONFields) throws {
    guard let section = try fields.section("brevis") else { return }
    let name = try section.string("task", default: "causal")
    if name == "causal" { return }
    guard name == "keep" else {
      throw EngineError.unsupported("\(section.source): \"task\": expected \"keep\" or \"causal\", got \"\(name)\"")
    }
    task = .keep
    keepOutputs = try section.size("outputs", in: 1...1024, default: 1)
    guard let declared = section.find("features") else { return }
    guard case .array(let entries) = declared, entries.count <= 64 else {
      throw section.failure("features", "an array of at most 64")
    }
    features = try entries.map { entry in
      let feature = try JSONFields(entry, source: "\(section.source): features")
      let name = try feature.string("name", default: "")
      guard !name.isEmpty else { throw feature.failure("name", "a string") }
      return Feature(name: name, size: try feature.size("size", in: 1...(1 << 20)))
    }
  }
}
