import BrevisMLX
import Foundation

/// One sequence of token ids, and what the model should say of its words or lines.
struct TrainingExample {
  let tokens: [Int32]
  /// [tokens, features], row-major.
  let features: [Int32]
  let labels: [Label]

  /// What one output should say. Its value for a group (a word, a line) is the mean of its logits over the group's tokens.
  struct Label {
    let output: Int
    /// The group of each token; below 0: none.
    let groups: [Int32]
    /// The chance that is wanted of each group, 0 to 1.
    let targets: [Float]
    /// How much each group counts; 0 where it is not told or has no token.
    let weights: [Float]

    var totalWeight: Float { weights.reduce(0, +) }
  }

  /// Of all its labels; the loss is a mean over such weights.
  var totalWeight: Float { labels.reduce(0) { $0 + $1.totalWeight } }
}

extension TrainingExample {
  /// One line of the files that `brevis-train` reads:
  ///
  ///     {"tokens": [...], "features": [...], "labels": [{"output": 0, "groups": [-1, 0, 0, 1], "targets": [1, 0], "weight": 1}]}
  ///
  /// A target below 0 is not told. `source` names file and line.
  init(_ line: Data, source: String, config: ModelConfig) throws {
    let fields = try JSONFields(JSONValue.parse(line, source: source), source: source)
    tokens = try TrainingExample.integers(fields, "tokens")
    guard !tokens.isEmpty, tokens.count <= config.context else {
      throw fields.failure("tokens", "1 to \(config.context) ids")
    }
    try checkIds(tokens, below: config.vocabulary, "\(source): token")
    let features = try fields.find("features") == nil ? [] : TrainingExample.integers(fields, "features")
    let width = config.features.count
    guard features.count == tokens.count * width else {
      throw EngineError.invalid(
        "\(source): \"features\": expected \(width) ids for each of \(tokens.count) tokens, got \(features.count) ids")
    }
    for (index, feature) in config.features.enumerated() {
      let ids = stride(from: index, to: features.count, by: width).map { features[$0] }
      try checkIds(ids, below: feature.size, "\(source): feature \(feature.name)")
    }
    self.features = features
    guard case .array(let entries) = fields.find("labels") else { throw fields.failure("labels", "an array") }
    let (count, outputs) = (tokens.count, config.keepOutputs)
    labels = try entries.map { try Label($0, tokens: count, outputs: outputs, source: "\(source): labels") }
  }

  fileprivate static func integers(_ fields: JSONFields, _ key: String) throws -> [Int32] {
    guard case .array(let entries) = fields.find(key) else { throw fields.failure(key, "an array of ids") }
    return try entries.map {
      guard case .integer(let value) = $0, let id = Int32(exactly: value) else {
        throw EngineError.invalid("\(fields.source): \"\(key)\": expected whole numbers, got \($0.description)")
      }
      return id
    }
  }
}

extension TrainingExample.Label {
  fileprivate init(_ entry: JSONValue, tokens: Int, outputs: Int, source: String) throws {
    let fields = try JSONFields(entry, source: source)
    output = try fields.size("output", in: 0...(outputs - 1))
    groups = try TrainingExample.integers(fields, "groups")
    guard groups.count == tokens else { throw fields.failure("groups", "one for each of \(tokens) tokens") }
    guard case .array(let entries) = fields.find("targets") else { throw fields.failure("targets", "an array") }
    let told = try entries.map { entry -> Float in
      let value: Double
      switch entry {
      case .integer(let whole): value = Double(whole)
      case .number(let number): value = number
      default: value = .nan
      }
      guard value <= 1 else { throw fields.failure("targets", "numbers up to 1") }
      return Float(value)
    }
    guard groups.allSatisfy({ Int($0) < told.count }) else {
      throw fields.failure("groups", "groups below \(told.count), as there are targets")
    }
    let present = Set(groups)
    let weight = Float(try fields.number("weight", default: 1))
    guard weight >= 0 else { throw fields.failure("weight", "a number that is not negative") }
    weights = told.enumerated().map { $1 >= 0 && present.contains(Int32($0)) ? weight : 0 }
    targets = told.map { max(0, $0) }
  }
}
