import BrevisMLX
import Foundation
import MLX

/// Trains LoRA pairs and a keep head beside a model whose own weights stay as they are.
final class Trainer {
  let settings: TrainingSettings
  let model: FrozenModel
  let state: Confined<TrainingState>
  private let loss: KeepLoss

  /// Begins anew; `restore` takes up a checkpoint.
  init(_ settings: TrainingSettings, model: FrozenModel) throws {
    self.settings = settings
    self.model = model
    loss = KeepLoss(model: model, scale: settings.scale)
    state = try EngineThread.shared.run {
      let parameters = InitialParameters.make(for: model, rank: settings.rank, seed: settings.seed)
      try Evaluation.evaluate(Array(parameters.values))
      return Confined(TrainingState(parameters: parameters, optimizer: AdamW(parameters)))
    }
  }

  /// Steps that the training has behind it.
  func readStep() throws -> Int {
    try EngineThread.shared.run { [state] in state.use { $0.optimizer.step } }
  }

  /// Goes on from the last checkpoint, and says whether its held-out loss was measured; nil where there is none.
  func restore(from checkpoints: Checkpoints) throws -> Bool? {
    try EngineThread.shared.run { [state] in
      try state.use { state in
        guard let last = try checkpoints.restoreLast(like: state.parameters) else { return nil }
        try Evaluation.evaluate(Array(last.state.parameters.values) + last.state.optimizer.arrays)
        state = last.state
        return last.isMeasured
      }
    }
  }

  func save(to checkpoints: Checkpoints, validLoss: Float? = nil) throws {
    try EngineThread.shared.run { [state] in try state.use { try checkpoints.save($0, validLoss: validLoss) } }
  }

  /// Takes the weights of the best checkpoint, and gives its step; nil, and nothing changed, where none was measured.
  func takeBest(of checkpoints: Checkpoints) throws -> Int? {
    try EngineThread.shared.run { [state] in
      try state.use { state in
        guard let best = try checkpoints.readBest(like: state.parameters) else { return nil }
        try Evaluation.evaluate(Array(best.weights.values))
        state.parameters = best.weights
        return best.step
      }
    }
  }

  /// What one step met: losses are sums over weights, gradients' length is before they were cut.
  struct StepReport {
    var lossSum: Float = 0
    var weight: Float = 0
    var tokens = 0
    var gradientLength: Float = 0
    var rate: Float = 0
  }

  /// One step of the optimizer over these examples, some at a time; nil, and nothing changed, where an end was asked for before.
  func step(_ examples: [TrainingExample], rate: Float, interrupt: Interrupt) throws -> StepReport? {
    var report = StepReport()
    report.weight = examples.reduce(0) { $0 + $1.totalWeight }
    report.tokens = examples.reduce(0) { $0 + $1.tokens.count }
    report.rate = rate
    let gathered = try EngineThread.shared.run { Confined([String: MLXArray]()) }
    for first in stride(from: 0, to: examples.count, by: settings.batchSize) {
      if interrupt.isAsked { return nil }
      let group = Array(examples[first..<min(examples.count, first + settings.batchSize)])
      let (sum, gradients) = try computeGradients(of: group, totalWeight: report.weight)
      report.lossSum += sum
      try EngineThread.shared.run {
        try gathered.use { gathered in
          gradients.use { new in gathered.merge(new) { $0 + $1 } }
          try Evaluation.evaluate(Array(gathered.values))
        }
      }
    }
    report.gradientLength = try apply(gathered, rate: rate)
    return report
  }

  /// The sum of the examples' losses, and the gradients of that sum over `totalWeight`.
  func computeGradients(
    of examples: [TrainingExample], totalWeight: Float
  ) throws -> (lossSum: Float, gradients: Confined<[String: MLXArray]>) {
    try EngineThread.shared.run { [loss, state] in
      try state.use { state in
        let names = state.parameters.keys.sorted()
        let compute = valueAndGrad(
          { (arrays: [MLXArray]) -> [MLXArray] in
            let parameters = Dictionary(uniqueKeysWithValues: zip(names, arrays))
            let sum = examples.reduce(MLXArray(Float(0))) { $0 + loss.sum($1, parameters) }
            return [sum / totalWeight]
          }, argumentNumbers: Array(names.indices))
        let (values, gradients) = compute(names.map { state.parameters[$0]! })
        try Evaluation.evaluate(values + gradients)
        return (
          values[0].item(Float.self) * totalWeight,
          Confined(Dictionary(uniqueKeysWithValues: zip(names, gradients)))
        )
      }
    }
  }

  /// Cuts the gradients to `clip`, updates, and gives the gradients' length before.
  private func apply(_ gradients: Confined<[String: MLXArray]>, rate: Float) throws -> Float {
    try EngineThread.shared.run { [settings, state] in
      try gradients.use { gradients in
        try state.use { state in
          let squares = gradients.sorted { $0.key < $1.key }.map { ($0.value * $0.value).sum() }
          let total = sqrt(squares.dropFirst().reduce(squares[0], +))
          try Evaluation.evaluate([total])
          let length = total.item(Float.self)
          guard length.isFinite else { return length }
          // As PyTorch's clip_grad_norm_ has it.
          let share = settings.clip > 0 ? min(1, settings.clip / (length + 1e-6)) : 1
          var next = state
          next.optimizer.update(
            &next.parameters, gradients: gradients.mapValues { $0 * share }, rate: rate,
            weightDecay: settings.weightDecay)
          try Evaluation.evaluate(Array(next.parameters.values) + next.optimizer.arrays)
          state = next
          return length
        }
      }
    }
  }

  /// Mean loss in nats a label, over all examples; nil where an end was asked for.
  func measureLoss(of examples: [TrainingExample], interrupt: Interrupt) throws -> Float? {
    var (sum, weight) = (Float(0), Float(0))
    for example in examples {
      if interrupt.isAsked { return nil }
      sum += try EngineThread.shared.run { [loss, state] in
        try state.use { state in
          let value = loss.sum(example, state.parameters)
          try Evaluation.evaluate([value])
          return value.item(Float.self)
        }
      }
      weight += example.totalWeight
    }
    return sum / weight
  }

  /// Logits of one sequence, [tokens, outputs].
  func computeLogits(of example: TrainingExample) throws -> [Float] {
    try EngineThread.shared.run { [loss, state] in
      try state.use { state in
        let logits = loss.logits(example, state.parameters)
        try Evaluation.evaluate([logits])
        return logits.asArray(Float.self)
      }
    }
  }
}
