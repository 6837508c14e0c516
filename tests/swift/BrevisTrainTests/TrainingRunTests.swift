import Foundation
import XCTest

@testable import BrevisMLX
@testable import BrevisTrain

final class TrainingRunTests: XCTestCase {
  func testTheLossFallsByAThirdAndAResumedRunEndsWithTheSameBytes() throws {
    let fixture = TrainingFixture()
    try fixture.writeExamples(features: [11, 5])
    let model = "keep-features"
    XCTAssertEqual(try fixture.run(fixture.settings(model)), .done)
    let losses = try fixture.losses("train")
    XCTAssertLessThan(losses.last!, losses.first! * 2 / 3, "\(losses)")

    // Another with the same seed, whose process is gone after the second checkpoint.
    let broken = try fixture.settings(model, run: "broken")
    try fixture.run(broken)
    for name in ["checkpoints/0000040", "adapter", "model"] {
      try FileManager.default.removeItem(atPath: "\(broken.run)/\(name)")
    }
    XCTAssertEqual(try fixture.run(broken), .done)
    for name in ["adapter/adapters.safetensors", "model/model.safetensors", "checkpoints/0000040/optimizer.safetensors"] {
      XCTAssertEqual(try fixture.bytes("run/" + name), try fixture.bytes("broken/" + name), name)
    }
  }

  /// The held-out examples want the contrary of what is trained on.
  func testLeavesTheCheckpointThatKnowsTheHeldOutExamplesBest() throws {
    let fixture = TrainingFixture()
    try fixture.writeExamples()
    let train = try String(contentsOfFile: fixture.path + "/data/train.jsonl", encoding: .utf8)
    let inverted = train.split(separator: "\n").map { line -> String in
      let parts = line.components(separatedBy: "\"targets\":")
      return parts[0] + "\"targets\":" + parts[1].map { $0 == "0" ? "1" : $0 == "1" ? "0" : String($0) }.joined() + "\n"
    }
    try fixture.write("data/valid.jsonl", inverted.joined())
    try fixture.run(fixture.settings("keep"))
    let losses = try fixture.losses("valid")
    XCTAssertLessThan(losses[1], losses[3])
    XCTAssertEqual(
      try readFloats(fixture.path + "/run/model/model.safetensors")["keep_head.weight"],
      try readFloats(fixture.path + "/run/checkpoints/0000016/weights.safetensors")["keep_head.weight"])
  }

  func testAnInterruptedRunSavesWhatItHas() throws {
    let fixture = TrainingFixture()
    try fixture.writeExamples()
    let settings = try fixture.settings("keep")
    let model = try FrozenModel.open(directory: settings.model, outputs: 1)
    let trainer = try Trainer(settings, model: model)
    let examples = try ExampleFile(fixture.path + "/data/train.jsonl", config: model.config, maxTokens: 64).examples
    let interrupt = Interrupt()
    XCTAssertNotNil(try trainer.step(Array(examples.prefix(4)), rate: 0.01, interrupt: interrupt))
    interrupt.ask()
    XCTAssertNil(try trainer.step(Array(examples.prefix(4)), rate: 0.01, interrupt: interrupt))
    XCTAssertEqual(try trainer.readStep(), 1)
    XCTAssertEqual(try fixture.run(settings, interrupt: interrupt), .interrupted)
  }

  func testRefusesCheckpointsOfAnotherTraining() throws {
    let fixture = TrainingFixture()
    try fixture.writeExamples()
    try fixture.run(fixture.settings("keep", #","seed":1"#))
    for (model, more) in [("keep", #","seed":2"#), ("keep-trained", #","seed":1"#)] {
      assertRefused("expected a checkpoint of this training") { try fixture.run(fixture.settings(model, more)) }
    }
    try fixture.write("data/train.jsonl", #"{"tokens":[1],"labels":[{"output":0,"groups":[0],"targets":[1]}]}"#)
    assertRefused("expected a checkpoint of this training") { try fixture.run(fixture.settings("keep", #","seed":1"#)) }
  }

  func testStopsAtALossThatIsNoNumber() throws {
    let fixture = TrainingFixture()
    try fixture.writeExamples()
    // Weights are multiplied by 1 - 3e38 * rate, again and again.
    assertRefused("lower learningRate") { try fixture.run(fixture.settings("keep", #","clip":0,"weightDecay":3e38"#)) }
  }
}
