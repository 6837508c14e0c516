import BrevisMLX
import Foundation
import MLX

/// What a training is made of between two steps. Engine thread only.
struct TrainingState {
  var parameters: [String: MLXArray]
  var optimizer: AdamW
}

/// The folder `checkpoints` of a run: one folder for each checkpoint, named after the steps that it has behind it. Each is there whole
/// or not at all.
struct Checkpoints {
  private let folder: String
  /// Says which examples and settings the checkpoints belong to.
  private let fingerprint: String

  private static let weights = "/weights.safetensors"
  private static let optimizer = "/optimizer.safetensors"
  private static let about = "/checkpoint.json"

  init(run: String, fingerprint: String) {
    folder = run + "/checkpoints"
    self.fingerprint = fingerprint
  }

  /// `validLoss`: what the held-out examples lose, where it was measured. Engine thread only.
  func save(_ state: TrainingState, validLoss: Float?) throws {
    let step = state.optimizer.step
    let name = String(repeating: "0", count: max(0, 7 - String(step).count)) + String(step)
    let partial = folder + "/partial-" + name
    try? FileManager.default.removeItem(atPath: partial)
    try OutputFile.makeDirectory(partial)
    try TensorWriter.write(state.parameters.map { TensorToWrite($0, $1) }, to: partial + Checkpoints.weights)
    let means = state.optimizer.first.map { TensorToWrite("first." + $0, $1) }
    let squares = state.optimizer.second.map { TensorToWrite("second." + $0, $1) }
    try TensorWriter.write(means + squares, to: partial + Checkpoints.optimizer)
    var about: [String: JSONValue] = ["step": .integer(step), "training": .string(fingerprint)]
    about["validLoss"] = validLoss.map { .float($0) }
    try OutputFile.write(JSONText.pretty(.object(about)), to: partial + Checkpoints.about)
    try OutputFile.replaceDirectory(folder + "/" + name, by: partial)
  }

  /// The last checkpoint, if there is one, and whether its held-out loss was measured. `like` says which parameters there must be, and of
  /// which shape. Engine thread only.
  func restoreLast(like parameters: [String: MLXArray]) throws -> (state: TrainingState, isMeasured: Bool)? {
    guard let path = list().last else { return nil }
    let about = try readAbout(path)
    let optimizer = path + Checkpoints.optimizer
    let state = TrainingState(
      parameters: try Checkpoints.read(path + Checkpoints.weights, like: parameters, prefix: ""),
      optimizer: AdamW(
        first: try Checkpoints.read(optimizer, like: parameters, prefix: "first."),
        second: try Checkpoints.read(optimizer, like: parameters, prefix: "second."),
        step: try about.size("step", in: 0...(1 << 30))))
    return (state, about.find("validLoss") != nil)
  }

  /// Step and weights of the checkpoint whose held-out examples lose least, the earliest of equals; nothing where that was never
  /// measured. Engine thread only.
  func readBest(like parameters: [String: MLXArray]) throws -> (step: Int, weights: [String: MLXArray])? {
    var best: (loss: Double, path: String, step: Int)?
    for path in list() {
      let about = try readAbout(path)
      let loss = try about.number("validLoss", default: .infinity)
      if loss < best?.loss ?? .infinity { best = (loss, path, try about.size("step", in: 0...(1 << 30))) }
    }
    return try best.map { ($0.step, try Checkpoints.read($0.path + Checkpoints.weights, like: parameters, prefix: "")) }
  }

  /// Folders of all checkpoints, in the order of their steps.
  private func list() -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.allSatisfy(\.isNumber) }.sorted { ($0.count, $0) < ($1.count, $1) }.map { folder + "/" + $0 }
  }

  /// What a checkpoint says of itself. Refuses one of another training.
  private func readAbout(_ path: String) throws -> JSONFields {
    let source = path + Checkpoints.about
    let about = try JSONFields(
      JSONValue.parse(WeightFile.readDocument(source, limit: 1 << 20), source: source), source: source)
    guard try about.string("training", default: "") == fingerprint else {
      throw EngineError.invalid(
        "\(path): expected a checkpoint of this training, but it was made with other examples, another model or other settings; "
          + "take a new run's folder, or put back what was changed")
    }
    return about
  }

  /// The tensors of a file whose names begin with `prefix`, each of the shape of its counterpart. Engine thread only.
  static func read(_ path: String, like parameters: [String: MLXArray], prefix: String) throws -> [String: MLXArray] {
    let files = try TensorFiles.openFile(path, directory: path)
    var arrays: [String: MLXArray] = [:]
    for (name, parameter) in parameters {
      let tensor = try files.require(prefix + name, shape: parameter.shape)
      guard tensor.type == .f32 else { throw EngineError.invalid("\(tensor.description): expected F32") }
      arrays[name] = MLXArray(try files.read(tensor), tensor.shape, dtype: .float32)
    }
    return arrays
  }
}
