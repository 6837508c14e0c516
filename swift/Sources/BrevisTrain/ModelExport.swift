import BrevisMLX
import Foundation
import MLX

/// Writes a keep model that the engines open: the base model's files and the head that was trained.
///
/// A small model's weights are written anew with the adapter merged into them, in their own format, so that the folder alone is the
/// adapted model. A large model's files are linked, and the adapter is loaded beside them.
struct ModelExport {
  let trainer: Trainer
  let folder: String
  /// Whether the adapter goes into the weights.
  let merges: Bool

  private static let headPrefix = "keep_head."
  /// What a tokenizer may consist of.
  private static let companions = [
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "chat_template.jinja", "vocab.json", "merges.txt",
  ]

  init(_ trainer: Trainer, folder: String) {
    self.trainer = trainer
    self.folder = folder
    merges = trainer.settings.merges && trainer.model.byteCount <= FrozenModel.smallModel
  }

  func write() throws {
    let partial = folder + ".partial"
    try? FileManager.default.removeItem(atPath: partial)
    try OutputFile.makeDirectory(partial)
    try OutputFile.write(JSONText.pretty(try describe()), to: partial + "/config.json")
    if merges { try writeMerged(to: partial + "/model.safetensors") } else { try writeBeside(to: partial) }
    for name in ModelExport.companions where FileManager.default.fileExists(atPath: base + "/" + name) {
      try FileManager.default.copyItem(atPath: base + "/" + name, toPath: partial + "/" + name)
    }
    try OutputFile.replaceDirectory(folder, by: partial)
  }

  private var base: String { trainer.model.directory }

  /// The base's config, as that of a keep model.
  private func describe() throws -> JSONValue {
    let path = base + "/config.json"
    let document = try JSONValue.parse(WeightFile.readDocument(path, limit: 1 << 20), source: path)
    guard case .object(var members) = document else { throw EngineError.invalid("\(path): expected an object") }
    let config = trainer.model.config
    var task: [String: JSONValue] = ["task": .string("keep"), "outputs": .integer(config.keepOutputs)]
    if !config.features.isEmpty {
      task["features"] = .array(
        config.features.map { .object(["name": .string($0.name), "size": .integer($0.size)]) })
    }
    members["brevis"] = .object(task)
    return .object(members)
  }

  /// Everything in one file.
  private func writeMerged(to path: String) throws {
    let model = trainer.model
    try EngineThread.shared.run { [state = trainer.state, scale = trainer.settings.scale] in
      try state.use { state in
        var written = ModelExport.head(of: state)
        for layer in model.layers.keys.sorted() {
          let change = matmul(state.parameters[layer + ".lora_a"]!, state.parameters[layer + ".lora_b"]!).T * scale
          written += try ModelExport.merge(change, into: layer, of: model)
        }
        let names = Set(written.map(\.name))
        let rest = model.files.tensors.values.filter { !names.contains($0.name) && !$0.name.hasPrefix(ModelExport.headPrefix) }
        try TensorWriter.write(written + rest.map { TensorToWrite($0, of: model.files) }, to: path)
      }
    }
  }

  private static func head(of state: TrainingState) -> [TensorToWrite] {
    state.parameters.filter { $0.key.hasPrefix(headPrefix) }.map { TensorToWrite($0, $1) }
  }

  /// A layer's tensors with `change` [outputs, inputs] added to its weights, in the format that they have. Engine thread only.
  private static func merge(_ change: MLXArray, into layer: String, of model: FrozenModel) throws -> [TensorToWrite] {
    let read = { (part: String) throws -> MLXArray in
      let tensor = model.files.tensors["\(layer).\(part)"]!
      return MLXArray(try model.files.read(tensor), tensor.shape, dtype: tensor.type.dtype!)
    }
    let format = model.format(of: layer)!
    let floats = { (array: MLXArray) in array.asType(.float32) }
    var arrays: [String: MLXArray]
    if format.bits == 0 {
      arrays = ["weight": (floats(try read("weight")) + change).asType(format.floats)]
    } else {
      let dense = dequantized(
        try read("weight"), scales: floats(try read("scales")), biases: floats(try read("biases")),
        groupSize: format.group, bits: format.bits)
      let (weight, scales, biases) = quantized(dense + change, groupSize: format.group, bits: format.bits)
      arrays = ["weight": weight, "scales": scales.asType(format.floats), "biases": biases!.asType(format.floats)]
    }
    // In the order of rows, as files have them.
    arrays = arrays.mapValues { contiguous($0) }
    try Evaluation.evaluate(Array(arrays.values))
    return arrays.map { TensorToWrite("\(layer).\($0.key)", $0.value) }
  }

  /// The base's files as they are, linked; what shares a file with an older head is copied; and the head in a file of its own, with an
  /// index over all.
  private func writeBeside(to partial: String) throws {
    let files = trainer.model.files
    var places: [String: JSONValue] = [:]
    for (path, tensors) in Dictionary(grouping: files.tensors.values, by: \.file) {
      let name = "base-" + (path as NSString).lastPathComponent
      let kept = tensors.filter { !$0.name.hasPrefix(ModelExport.headPrefix) }
      if kept.isEmpty { continue }
      if kept.count == tensors.count {
        try ModelExport.link(path, at: partial + "/" + name)
      } else {
        try TensorWriter.write(kept.map { TensorToWrite($0, of: files) }, to: partial + "/" + name)
      }
      for tensor in kept { places[tensor.name] = .string(name) }
    }
    try EngineThread.shared.run { [state = trainer.state] in
      try state.use { try TensorWriter.write(ModelExport.head(of: $0), to: partial + "/keep_head.safetensors") }
    }
    for name in [KeepLoss.headWeight, KeepLoss.headBias] { places[name] = .string("keep_head.safetensors") }
    let index = JSONValue.object(["metadata": .object([:]), "weight_map": .object(places)])
    try OutputFile.write(JSONText.pretty(index), to: partial + "/model.safetensors.index.json")
  }

  /// A second name for a file; across file systems a symbolic link.
  private static func link(_ path: String, at place: String) throws {
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    if Foundation.link(target, place) == 0 || symlink(target, place) == 0 { return }
    throw EngineError.invalid("\(place): expected to link \(target), but: \(String(cString: strerror(errno)))")
  }
}
