import BrevisMLX
import MLX

/// Writes the logits of some examples as the trainer computes them, laid out as the goldens of tests/native/fixtures: `tokens` [n],
/// `lengths` [sequences], `features` [n, features], `logits` [n, outputs]. An engine that opens the result should say the same.
enum ConformanceExport {
  static func write(_ trainer: Trainer, examples: [TrainingExample], to path: String) throws {
    let logits = try examples.flatMap { try trainer.computeLogits(of: $0) }
    let tokens = examples.flatMap(\.tokens)
    let config = trainer.model.config
    try EngineThread.shared.run {
      var tensors = [
        TensorToWrite("tokens", MLXArray(tokens)),
        TensorToWrite("lengths", MLXArray(examples.map { Int32($0.tokens.count) })),
        TensorToWrite("logits", MLXArray(logits, [tokens.count, config.keepOutputs])),
      ]
      if !config.features.isEmpty {
        let ids = examples.flatMap(\.features)
        tensors.append(TensorToWrite("features", MLXArray(ids, [tokens.count, config.features.count])))
      }
      try TensorWriter.write(tensors, to: path)
    }
  }
}
