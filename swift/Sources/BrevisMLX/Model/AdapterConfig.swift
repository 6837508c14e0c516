import Foundation

/// What adapter_config.json says, for both formats.
struct AdapterConfig: Equatable {
  enum Format { case mlx, peft }

  let format: Format
  /// mlx-lm's scale, or PEFT's alpha.
  let scale: Float
  /// PEFT's use_rslora: alpha / sqrt(rank) in place of alpha / rank.
  var usesRootOfRank = false
  /// PEFT's alpha_pattern: suffix of a layer's name -> alpha, in the order of the suffixes.
  var alphaPatterns: [(suffix: String, alpha: Float)] = []

  static func parse(_ document: Data, source: String) throws -> AdapterConfig {
    let fields = try JSONFields(JSONValue.parse(document, source: source), source: source)
    let isPeft = fields.find("peft_type") != nil || fields.find("lora_alpha") != nil
    let config = try isPeft ? parsePeft(fields) : parseMLX(fields)
    guard config.scale.isFinite else { throw EngineError.invalid("\(source): expected a finite scale") }
    return config
  }

  /// What a layer's pair of this rank is multiplied by.
  func scale(of layer: String, rank: Int) -> Float {
    guard format == .peft else { return scale }
    let alpha = alphaPatterns.last { layer == $0.suffix || layer.hasSuffix("." + $0.suffix) }?.alpha ?? scale
    return alpha / (usesRootOfRank ? Float(rank).squareRoot() : Float(rank))
  }

  /// mlx-lm: https://github.com/ml-explore/mlx-lm, mlx_lm/tuner/utils.py (load_adapters).
  private static func parseMLX(_ fields: JSONFields) throws -> AdapterConfig {
    let type = try fields.string("fine_tune_type", default: "lora")
    guard type == "lora" else {
      throw EngineError.unsupported("\(fields.source): \"fine_tune_type\": only \"lora\" is supported, got \"\(type)\"")
    }
    guard let parameters = try fields.section("lora_parameters") else {
      throw fields.failure("lora_parameters", "an object")
    }
    return AdapterConfig(format: .mlx, scale: Float(try parameters.number("scale", default: 20)))
  }

  /// PEFT: https://huggingface.co/docs/peft, LoraConfig. Ranks, rank_pattern's included, follow from the tensors.
  private static func parsePeft(_ fields: JSONFields) throws -> AdapterConfig {
    try refusePeftVariants(fields)
    _ = try fields.size("r", in: 1...(1 << 16))
    var config = AdapterConfig(format: .peft, scale: Float(try fields.number("lora_alpha", default: 8)))
    config.usesRootOfRank = try fields.flag("use_rslora", default: false)
    guard let patterns = fields.find("alpha_pattern") else { return config }
    guard case .object(let members) = patterns else { throw fields.failure("alpha_pattern", "an object") }
    let numbers = try JSONFields(patterns, source: "\(fields.source): alpha_pattern")
    config.alphaPatterns = try members.keys.sorted().map { suffix in
      // PEFT takes regular expressions; a plain suffix is what its own examples use.
      guard suffix.rangeOfCharacter(from: CharacterSet(charactersIn: "^$*+?()[]{}|\\")) == nil else {
        throw EngineError.unsupported(
          "\(fields.source): alpha_pattern: the expression \"\(suffix)\" is not supported, only names")
      }
      guard numbers.find(suffix) != nil else { throw fields.failure("alpha_pattern", "finite numbers") }
      return (suffix, Float(try numbers.number(suffix, default: 0)))
    }
    return config
  }

  private static func refusePeftVariants(_ fields: JSONFields) throws {
    let source = fields.source
    let type = try fields.string("peft_type", default: "LORA")
    guard type == "LORA" else {
      throw EngineError.unsupported("\(source): \"peft_type\": only \"LORA\" is supported, got \"\(type)\"")
    }
    for flag in ["use_dora", "use_qalora", "fan_in_fan_out", "lora_bias"] where try fields.flag(flag, default: false) {
      throw EngineError.unsupported("\(source): \(flag) is not supported")
    }
    let bias = try fields.string("bias", default: "none")
    guard bias == "none" else {
      throw EngineError.unsupported("\(source): \"bias\": only \"none\" is supported, got \"\(bias)\"")
    }
    for list in ["modules_to_save", "trainable_token_indices", "target_parameters", "layer_replication"] {
      guard let value = fields.find(list), value != .array([]) else { continue }
      var names = ""
      if case .array(let entries) = value { names = ":" + entries.map { " " + $0.description }.joined() }
      throw EngineError.unsupported("\(source): \(list) is not supported\(names)")
    }
  }

  static func == (one: AdapterConfig, other: AdapterConfig) -> Bool {
    one.format == other.format && one.scale == other.scale && one.usesRootOfRank == other.usesRootOfRank
      && one.alphaPatterns.elementsEqual(other.alphaPatterns, by: ==)
  }
}
