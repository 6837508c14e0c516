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

  /// Engine thread only.
  func save(_ state: TrainingState) throws {
    let step = state.optimizer.step
    let name = String(repeating: "0", count: max(0, 7 - String(step).count)) + String(step)
    let partial = folder + "/partial-" + name
    try? FileManager.default.removeItem(atPath: partial)
    try OutputFile.makeDirectory(partial)
    try TensorWriter.write(state.parameters.map { TensorToWrite($0, $1) }, to: partial + Checkpoints.weights)
    let means = state.optimizer.first.map { TensorToWrite("first." + $0, $1) }
    let squares = state.optimizer.second.map { TensorToWrite("second." + $0, $1) }
    try TensorWriter.write(means + squares, to: partial + Checkpoints.optimizer)
    let about = JSONValue.object(["step": .integer(step), "training": .string(fingerprint)])
    try OutputFile.write(JSONText.pretty(about), to: partial + Checkpoints.about)
    try OutputFile.replaceDirectory(folder + "/" + name, by: partial)
  }

  /// The last checkpoint, if there is one. `like` says which parameters there must be, and of which shape. Engine thread only.
  func restoreLast(like parameters: [String: MLXArray]) throws -> TrainingState? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    guard let last = names.filter({ $0.allSatisfy(\.isNumber) }).max(by: { ($0.count, $0) < ($1.count, $1) })
    else { return nil }
    let path = folder + "/" + last
    let aboutPath = path + Checkpoints.about
    let about = try JSONFields(
      JSONValue.parse(WeightFile.readDocument(aboutPath, limit: 1 << 20), source: aboutPath), source: aboutPath)
    guard try about.string("training", default: "") == fingerprint else {
      throw EngineError.invalid(
        "\(path): expected a checkpoint of this training, but it was made with other examples, another model or other settings; "
          + "take a new run's folder, or put back what was changed")
    }
    let weights = try Checkpoints.read(path + Checkpoints.weights, like: parameters, prefix: "")
    let optimizer = path + Checkpoints.optimizer
    return TrainingState(
      parameters: weights,
      optimizer: AdamW(
        first: try Checkpoints.read(optimizer, like: parameters, prefix: "first."),
        second: try Checkpoints.read(optimizer, like: parameters, prefix: "second."),
        step: try about.size("step", in: 0...(1 << 30))))
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
