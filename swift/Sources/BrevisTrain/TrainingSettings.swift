import BrevisMLX
import Foundation

/// What a training is told: a JSON file with the names of configs/training.yaml where they mean the same. docs/training-swift.md lists them.
public struct TrainingSettings {
  /// The model's directory; of the examples (train.jsonl, valid.jsonl and, if there is one, test.jsonl); of the run.
  public let model, data, run: String
  let seed: Int
  /// Steps of the optimizer.
  let iterations: Int
  /// Examples whose graph is computed together, and how many such groups one step takes.
  let batchSize, accumulation: Int
  /// Longer examples are left out.
  let maxTokens: Int
  let saveEvery, reportEvery: Int
  let learningRate, weightDecay: Float
  /// Steps until the learning rate is reached.
  let warmup: Int
  /// Length that gradients are cut to; 0: none is cut.
  let clip: Float
  /// Values a token, for a model that has no keep head yet.
  let outputs: Int
  let rank: Int
  let alpha: Float
  /// Whether small models are also written with the adapter merged into their weights.
  let merges: Bool
  let device: Device

  enum Device: String { case auto, cpu }

  public init(_ document: Data, source: String) throws {
    let fields = try JSONFields(JSONValue.parse(document, source: source), source: source)
    let required = { (key: String) throws -> String in
      let value = try fields.string(key, default: "")
      guard !value.isEmpty else { throw fields.failure(key, "a path") }
      return value
    }
    (model, data, run) = (try required("model"), try required("data"), try required("run"))
    let counts = 1...(1 << 30)
    seed = try fields.size("seed", in: 0...Int(Int32.max), default: 0)
    iterations = try fields.size("iterations", in: counts)
    batchSize = try fields.size("batchSize", in: counts, default: 8)
    accumulation = try fields.size("accumulation", in: counts, default: 1)
    maxTokens = try fields.size("maxTokens", in: counts, default: 2048)
    saveEvery = try fields.size("saveEvery", in: counts, default: 100)
    reportEvery = try fields.size("reportEvery", in: counts, default: 10)
    learningRate = try TrainingSettings.positive(fields, "learningRate", default: 2e-4)
    weightDecay = try TrainingSettings.notNegative(fields, "weightDecay", default: 0.01)
    warmup = try fields.size("warmup", in: 0...(1 << 30), default: 0)
    clip = try TrainingSettings.notNegative(fields, "clip", default: 1)
    outputs = try fields.size("outputs", in: 1...1024, default: 3)
    let lora = try fields.section("lora") ?? JSONFields(.object([:]), source: "\(source): lora")
    rank = try lora.size("rank", in: 1...(1 << 16), default: 64)
    alpha = try TrainingSettings.positive(lora, "alpha", default: 128)
    guard try lora.number("dropout", default: 0) == 0 else {
      throw EngineError.unsupported("\(lora.source): \"dropout\": this trainer has none; expected 0")
    }
    merges = try fields.flag("merge", default: true)
    let name = try fields.string("device", default: "auto")
    guard let device = Device(rawValue: name) else { throw fields.failure("device", "\"auto\" or \"cpu\"") }
    self.device = device
  }

  /// What LoRA pairs are multiplied by.
  var scale: Float { alpha / Float(rank) }

  /// What must not change between the parts of one training, beside the examples: its checkpoints say which they belong to.
  var fingerprint: String {
    "\(seed) \(iterations) \(batchSize) \(accumulation) \(maxTokens) \(learningRate) \(weightDecay) \(warmup) \(clip) "
      + "\(outputs) \(rank) \(alpha) \(device)"
  }

  private static func positive(_ fields: JSONFields, _ key: String, default fallback: Double) throws -> Float {
    let value = try fields.number(key, default: fallback)
    guard value > 0 else { throw fields.failure(key, "a number above 0") }
    return Float(value)
  }

  private static func notNegative(_ fields: JSONFields, _ key: String, default fallback: Double) throws -> Float {
    let value = try fields.number(key, default: fallback)
    guard value >= 0 else { throw fields.failure(key, "a number that is not negative") }
    return Float(value)
  }
}
