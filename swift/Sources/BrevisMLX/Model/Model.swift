import CBrevisEngine
import MLX

/// An open model: its files, its weights on the engine thread, and its adapters by name. Any thread may call it.
final class Model: @unchecked Sendable {
  let config: ModelConfig
  let info: brv_model_info
  let adapters = AdapterRegistry()
  /// The type that it computes in.
  let type: DType
  let weights: Confined<ModelWeights>
  private let files: TensorFiles
  private let adaptable: [String: LinearPlan]

  /// Rows that are computed before the caller's flag is looked at again.
  private static let batchRows = 2048
  /// Rows whose logits are computed together.
  private static let headRows = 256

  static func open(directory: String, options: brv_open_options, cancel: CancelFlag) throws -> Model {
    let options = try OpenOptions(options)
    let configPath = directory + "/config.json"
    let config = try ModelConfig.parse(WeightFile.readDocument(configPath, limit: 1 << 20), source: configPath)
    let files = try TensorFiles.openModel(directory: directory)
    let plan = try WeightPlan(config: config, files: files)
    let type = options.computeType(of: plan)
    let groups = try options.chooseGroups(of: plan)
    let device = try EngineThread.shared.run { try ComputeDevice.current.get() }
    try device.checkRoom(for: plan.byteCount, directory: directory)
    let arrays = try WeightLoader(files: files, type: type).load(plan, groups: groups, cancel: cancel)
    let weights = try EngineThread.shared.run {
      try arrays.use { Confined(try ModelWeights(plan, arrays: $0, groups: groups, device: device)) }
    }
    return Model(plan, files: files, type: type, groups: groups, weights: weights, device: device)
  }

  private init(
    _ plan: WeightPlan, files: TensorFiles, type: DType, groups: [String: Int], weights: Confined<ModelWeights>,
    device: ComputeDevice
  ) {
    config = plan.config
    self.files = files
    self.type = type
    self.weights = weights
    adaptable = plan.adaptable
    info = brv_model_info(plan, type: type, groups: groups, device: device)
  }

  /// Throws when a weight file is no longer the one that was opened.
  func checkUnchanged() throws { try files.checkUnchanged() }

  func loadAdapter(name: String, directory: String, cancel: CancelFlag) throws {
    guard !name.isEmpty else { throw EngineError.argument("adapter: expected a name that is not empty") }
    try cancel.check()
    let adapter = try AdapterFiles(directory: directory, layers: adaptable).load(as: type, cancel: cancel)
    adapters.put(adapter, name: name)
  }

  /// Logits of all tokens of a batch: [tokens, headOutputs]. Each sequence is computed alone, so that its bits do not depend on what
  /// shares the batch; `cancel` is looked at between groups of sequences.
  func computeLogits(
    of batch: Batch, adapters: [AdapterUse], cancel: CancelFlag, into out: UnsafeMutableBufferPointer<Float>
  ) throws {
    try checkUnchanged()
    var rest = batch.sequences[...]
    while let first = rest.first {
      try cancel.check()
      let group = rest.prefix { $0.upperBound - first.lowerBound <= Model.batchRows }
      let taken = group.isEmpty ? rest.prefix(1) : group
      rest = rest.dropFirst(taken.count)
      try EngineThread.shared.run { [weights, config] in
        try weights.use { weights in
          let pairs = ActivePairs(adapters)
          var cache: KeyValueCache?
          let outputs = taken.map { sequence in
            weights.qwen3.forward(
              batch.tokens[sequence], featureIds: batch.features(of: sequence), cache: &cache, adapters: pairs)
          }
          try Evaluation.evaluate(outputs)
          for (sequence, output) in zip(taken, outputs) {
            try Model.copyHead(of: output, sequence, weights.qwen3, pairs, width: config.headOutputs, into: out)
          }
        }
      }
    }
  }

  /// The head's logits of one sequence, some rows at a time.
  private static func copyHead(
    of output: MLXArray, _ sequence: Range<Int>, _ qwen3: Qwen3, _ pairs: ActivePairs, width: Int,
    into out: UnsafeMutableBufferPointer<Float>
  ) throws {
    for first in stride(from: 0, to: sequence.count, by: headRows) {
      let rows = first..<min(sequence.count, first + headRows)
      let start = (sequence.lowerBound + first) * width
      try Evaluation.copy(
        qwen3.applyHead(output[0..., rows, 0...], adapters: pairs),
        to: UnsafeMutableBufferPointer(rebasing: out[start..<start + rows.count * width]))
    }
  }
}

/// A model's part on the engine thread.
struct ModelWeights {
  let qwen3: Qwen3
  private let residency: WeightResidency

  init(
    _ plan: WeightPlan, arrays: [String: MLXArray], groups: [String: Int], unpacks: Bool = false, device: ComputeDevice
  ) throws {
    qwen3 = try Qwen3(plan, arrays: arrays, groups: groups, unpacks: unpacks)
    residency = WeightResidency(bytes: plan.byteCount, device: device)
  }
}
