import BrevisMLX
import Foundation
import MLX

/// One training from its examples to the files that it leaves in the run's folder: `checkpoints/`, `adapter/`, `model/`, and what an
/// engine should say of some of the examples, `conformance.safetensors`.
public final class TrainingRun {
  public enum Ending { case done, interrupted }

  private let settings: TrainingSettings
  private let trainer: Trainer
  private let train, valid, test: ExampleFile
  private let checkpoints: Checkpoints
  private let log: EventLog
  private let interrupt: Interrupt

  /// Reads the model and the examples.
  public init(_ settings: TrainingSettings, log: EventLog, interrupt: Interrupt) throws {
    self.settings = settings
    self.log = log
    self.interrupt = interrupt
    let model = try FrozenModel.open(directory: settings.model, outputs: settings.outputs)
    let read = { (side: String, isOptional: Bool) in
      try ExampleFile(
        "\(settings.data)/\(side).jsonl", config: model.config, maxTokens: settings.maxTokens, isOptional: isOptional)
    }
    train = try read("train", false)
    valid = try read("valid", true)
    test = try read("test", true)
    trainer = try Trainer(settings, model: model)
    let base = try ModelFingerprint.of(model)
    checkpoints = Checkpoints(
      run: settings.run, fingerprint: "\(settings.fingerprint) \(String(train.hash &* 31 &+ valid.hash, radix: 16)) \(base)")
  }

  public func run() throws -> Ending {
    let counts = ["examples": train, "valid": valid, "test": test].mapValues { JSONValue.integer($0.examples.count) }
    try log.emit("loaded", counts.merging(["tooLong": .integer(train.tooLong)]) { $1 })
    try OutputFile.makeDirectory(settings.run)
    if let isMeasured = try trainer.restore(from: checkpoints) {
      let step = try trainer.readStep()
      try log.emit("resumed", ["iteration": .integer(step)])
      // Its process ended while it was measured.
      if !isMeasured, isSaved(step), try !measureAndSave() { return .interrupted }
    } else if case .interrupted = try measure(valid, "valid") {
      return .interrupted
    }
    guard try trainSteps() == .done else { return .interrupted }
    let chosen = try trainer.takeBest(of: checkpoints) ?? settings.iterations
    guard case .loss = try measure(test, "test") else { return .interrupted }
    try export()
    try log.emit("done", ["iteration": .integer(settings.iterations), "chosen": .integer(chosen)])
    return .done
  }

  private func trainSteps() throws -> Ending {
    let rate = LearningRate(peak: settings.learningRate, warmup: settings.warmup, iterations: settings.iterations)
    var order = ExampleOrder(count: train.examples.count, seed: settings.seed)
    var progress = Progress()
    let size = settings.batchSize * settings.accumulation
    for step in try trainer.readStep()..<max(try trainer.readStep(), settings.iterations) {
      let examples = order.examples(at: step * size..<(step + 1) * size).map { train.examples[$0] }
      guard let report = try trainer.step(examples, rate: rate.at(step), interrupt: interrupt) else {
        try save(validLoss: nil)
        return .interrupted
      }
      try refuseNotFinite(report, step: step + 1)
      progress.add(report)
      if isSaved(step + 1) || (step + 1) % settings.reportEvery == 0 { try log.emit("train", progress.close(at: step + 1)) }
      if isSaved(step + 1), try !measureAndSave() { return .interrupted }
    }
    return .done
  }

  private func isSaved(_ step: Int) -> Bool { step % settings.saveEvery == 0 || step == settings.iterations }

  /// False where an end was asked for meanwhile.
  private func measureAndSave() throws -> Bool {
    guard case .loss(let loss) = try measure(valid, "valid") else {
      try save(validLoss: nil)
      return false
    }
    try save(validLoss: loss)
    return true
  }

  private func save(validLoss: Float?) throws {
    try trainer.save(to: checkpoints, validLoss: validLoss)
    try log.emit("checkpoint", ["iteration": .integer(try trainer.readStep())])
  }

  /// What is left of a training: everything that others read.
  private func export() throws {
    try AdapterExport.write(trainer, to: settings.run + "/adapter")
    try ModelExport(trainer, folder: settings.run + "/model").write()
    let shown = valid.examples.isEmpty ? train.examples : valid.examples
    try ConformanceExport.write(trainer, examples: Array(shown.prefix(4)), to: settings.run + "/conformance.safetensors")
  }

  private enum Measure {
    /// nil without examples.
    case loss(Float?)
    case interrupted
  }

  private func measure(_ file: ExampleFile, _ event: String) throws -> Measure {
    if file.examples.isEmpty { return .loss(nil) }
    guard let loss = try trainer.measureLoss(of: file.examples, interrupt: interrupt) else { return .interrupted }
    try log.emit(event, ["iteration": .integer(try trainer.readStep()), "loss": .float(loss)])
    return .loss(loss)
  }

  private func refuseNotFinite(_ report: Trainer.StepReport, step: Int) throws {
    guard report.lossSum.isFinite, report.gradientLength.isFinite else {
      throw EngineError.invalid(
        "iteration \(step): expected a finite loss and gradient, got \(report.lossSum / report.weight) and "
          + "\(report.gradientLength); lower learningRate, or set clip, and go on from the last checkpoint")
    }
  }
}

/// What is said of the steps since it was last said.
private struct Progress {
  private var lossSum: Float = 0
  private var weight: Float = 0
  private var tokens = 0
  private var trainedTokens = 0
  private var last = Trainer.StepReport()
  private var began = Date()

  mutating func add(_ report: Trainer.StepReport) {
    lossSum += report.lossSum
    weight += report.weight
    tokens += report.tokens
    trainedTokens += report.tokens
    last = report
  }

  mutating func close(at step: Int) -> [String: JSONValue] {
    let seconds = max(1e-9, Date().timeIntervalSince(began))
    defer { (lossSum, weight, tokens, began) = (0, 0, 0, Date()) }
    return [
      "iteration": .integer(step), "loss": .float(lossSum / weight),
      "learningRate": .float(last.rate), "gradientLength": .float(last.gradientLength),
      "tokensPerSecond": .number((10 * Double(tokens) / seconds).rounded() / 10), "trainedTokens": .integer(trainedTokens),
      "peakMemory": .number(Double(Memory.peakMemory) / 1e9),
    ]
  }
}
