import Foundation
import MLX
import XCTest

@testable import BrevisMLX
@testable import BrevisTrain

/// One step against PyTorch's (scripts/goldens/write_training_step.py).
final class TrainingStepTests: XCTestCase {
  private let folder = TrainingFixture.models + "/keep-features/training-step"

  private func makeTrainer(batchSize: Int, accumulation: Int) throws -> (Trainer, [TrainingExample]) {
    let text = #"""
      {"model":"\#(TrainingFixture.models)/keep-features","data":"none","run":"none","iterations":1,"batchSize":\#(batchSize),
       "accumulation":\#(accumulation),"learningRate":0.003,"weightDecay":0.1,"clip":0.25,"lora":{"rank":2,"alpha":3}}
      """#
    let settings = try TrainingSettings(Data(text.utf8), source: "settings")
    let model = try FrozenModel.open(directory: settings.model, outputs: 3)
    let trainer = try Trainer(settings, model: model)
    try EngineThread.shared.run { [folder] in
      try trainer.state.use {
        $0.parameters = try Checkpoints.read(folder + "/weights.safetensors", like: $0.parameters, prefix: "")
      }
    }
    let file = try ExampleFile(folder + "/examples.jsonl", config: model.config, maxTokens: 64)
    return (trainer, file.examples)
  }

  private func read(_ arrays: Confined<[String: MLXArray]>) throws -> [String: [Float]] {
    try EngineThread.shared.run { arrays.use { $0.mapValues { $0.asArray(Float.self) } } }
  }

  /// A GPU sums in another order, and some of its functions are rougher.
  private func isExact() throws -> Bool {
    try EngineThread.shared.run { try ComputeDevice.current.get().workingSet == nil }
  }

  func testLossAndGradientsAreThoseOfPyTorch() throws {
    let golden = try readFloats(folder + "/golden.safetensors")
    let (trainer, examples) = try makeTrainer(batchSize: 3, accumulation: 1)
    let weight = examples.reduce(0) { $0 + $1.totalWeight }
    let (sum, gradients) = try trainer.computeGradients(of: examples, totalWeight: weight)
    XCTAssertEqual(sum / weight, golden["loss"]![0], accuracy: try isExact() ? 1e-5 : 1e-3)
    var largest: Float = 0
    for (name, values) in try read(gradients) {
      largest = max(largest, largestDifference(values, golden["gradient." + name]!))
    }
    print("gradients: largest difference \(largest)")
    XCTAssertLessThan(largest, try isExact() ? 1e-5 : 1e-3)
  }

  /// Whether the examples come at once or one after the other.
  func testAStepIsThatOfPyTorch() throws {
    let golden = try readFloats(folder + "/golden.safetensors")
    for (batchSize, accumulation) in [(3, 1), (1, 3), (2, 2)] {
      let (trainer, examples) = try makeTrainer(batchSize: batchSize, accumulation: accumulation)
      let report = try XCTUnwrap(try trainer.step(examples, rate: 3e-3, interrupt: Interrupt()))
      XCTAssertEqual(report.gradientLength, golden["length"]![0], accuracy: try isExact() ? 1e-5 : 1e-3)
      let after = try EngineThread.shared.run {
        trainer.state.use { $0.parameters.mapValues { $0.asArray(Float.self) } }
      }
      var largest: Float = 0
      let isExact = try isExact()
      for (name, values) in after {
        let wanted = golden["after." + name]!
        // AdamW's first step goes by the gradient's sign: where it is almost none, rounding decides.
        let told = golden["gradient." + name]!.indices.filter { isExact || abs(golden["gradient." + name]![$0]) > 1e-2 }
        largest = max(largest, largestDifference(told.map { values[$0] }, told.map { wanted[$0] }))
      }
      print("weights after a step of \(batchSize) x \(accumulation): largest difference \(largest)")
      XCTAssertLessThan(largest, isExact ? 2e-5 : 1e-3)
    }
  }
}
