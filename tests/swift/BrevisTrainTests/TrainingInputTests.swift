import Foundation
import XCTest

@testable import BrevisMLX
@testable import BrevisTrain

final class TrainingInputTests: XCTestCase {
  private func config() throws -> ModelConfig {
    let path = TrainingFixture.models + "/keep-features/config.json"
    return try ModelConfig.parse(Data(contentsOf: URL(fileURLWithPath: path)), source: path)
  }

  private func parse(_ line: String) throws -> TrainingExample {
    try TrainingExample(Data(line.utf8), source: "train.jsonl line 7", config: config())
  }

  func testReadsAnExample() throws {
    let example = try parse(
      #"{"tokens":[1,2,3],"features":[0,0,1,1,2,2],"labels":[{"output":1,"groups":[-1,0,2],"targets":[0.5,1,-1],"weight":2}]}"#)
    XCTAssertEqual(example.tokens, [1, 2, 3])
    XCTAssertEqual(example.labels[0].targets, [0.5, 1, 0])
    // The second has no token, the third is not told.
    XCTAssertEqual(example.labels[0].weights, [2, 0, 0])
  }

  func testNamesWhatIsWrongWithALine() {
    let label = #""labels":[{"output":0,"groups":[0],"targets":[1]}]"#
    for (line, part) in [
      ("{", "line 7: not valid JSON"), (#"{"tokens":[],"features":[],\#(label)}"#, "1 to 8192 ids"),
      (#"{"tokens":[200],"features":[0,0],\#(label)}"#, "from 0 to 199, got 200"),
      (#"{"tokens":[1.5],"features":[0,0],\#(label)}"#, "whole numbers, got 1.5"),
      (#"{"tokens":[1],"features":[0],\#(label)}"#, "2 ids for each of 1 tokens, got 1"),
      (#"{"tokens":[1],"features":[0,5],\#(label)}"#, "feature place 0: expected an id from 0 to 4"),
      (#"{"tokens":[1],"features":[0,0]}"#, "\"labels\": expected an array, got nothing"),
      (#"{"tokens":[1],"features":[0,0],"labels":[{"output":3,"groups":[0],"targets":[1]}]}"#, "from 0 to 2"),
      (#"{"tokens":[1],"features":[0,0],"labels":[{"output":0,"groups":[0,0],"targets":[1]}]}"#, "each of 1 tokens"),
      (#"{"tokens":[1],"features":[0,0],"labels":[{"output":0,"groups":[1],"targets":[1]}]}"#, "groups below 1"),
      (#"{"tokens":[1],"features":[0,0],"labels":[{"output":0,"groups":[0],"targets":[2]}]}"#, "numbers up to 1"),
      (#"{"tokens":[1],"features":[0,0],"labels":[{"output":0,"groups":[0],"targets":["x"]}]}"#, "numbers up to 1"),
    ] { assertRefused(part) { try parse(line) } }
  }

  func testNamesWhatIsWrongWithSettings() {
    let paths = #""model":"m","data":"d","run":"r""#
    for (text, part) in [
      ("{}", "\"model\": expected a path"), ("{\(paths)}", "\"iterations\": expected a whole number"),
      (#"{\#(paths),"iterations":1,"learningRate":0}"#, "\"learningRate\": expected a number above 0"),
      (#"{\#(paths),"iterations":1,"lora":{"dropout":0.1}}"#, "this trainer has none"),
      (#"{\#(paths),"iterations":1,"device":"gpu"}"#, "\"auto\" or \"cpu\""),
    ] { assertRefused(part) { try TrainingSettings(Data(text.utf8), source: "settings") } }
  }

  func testLeavesOutWhatIsTooLongOrNotTold() throws {
    let fixture = TrainingFixture()
    let line = { (count: Int, target: Int) in
      #"{"tokens":\#([Int](repeating: 1, count: count)),"features":\#([Int](repeating: 0, count: 2 * count)),"#
        + #""labels":[{"output":0,"groups":\#([Int](repeating: 0, count: count)),"targets":[\#(target)]}]}"# + "\n"
    }
    try fixture.write("data/train.jsonl", line(3, 1) + "\n" + line(9, 1) + line(3, -1))
    let path = fixture.path + "/data/train.jsonl"
    let file = try ExampleFile(path, config: config(), maxTokens: 8)
    XCTAssertEqual([file.examples.count, file.tooLong], [1, 1])
    assertRefused("none of at most 2 tokens") { try ExampleFile(path, config: config(), maxTokens: 2) }
    assertRefused("expected a readable file") { try ExampleFile(path + "x", config: config(), maxTokens: 8) }
    XCTAssertEqual(try ExampleFile(path + "x", config: config(), maxTokens: 8, isOptional: true).examples.count, 0)
  }
}

final class ScheduleTests: XCTestCase {
  func testTheRateRisesAndFalls() {
    let rate = LearningRate(peak: 1, warmup: 4, iterations: 24)
    XCTAssertEqual((0..<4).map(rate.at), [0.25, 0.5, 0.75, 1])
    XCTAssertEqual(rate.at(14), 0.5, accuracy: 1e-6)
    XCTAssertEqual(rate.at(23), 0.02, accuracy: 1e-6)
    for step in 4..<23 { XCTAssertGreaterThanOrEqual(rate.at(step), rate.at(step + 1)) }
  }

  func testEveryEpochHasAllExamplesInAnOrderThatDoesNotDependOnWhereItBegan() {
    var order = ExampleOrder(count: 10, seed: 3)
    let all = order.examples(at: 0..<40)
    for epoch in 0..<4 { XCTAssertEqual(all[epoch * 10..<epoch * 10 + 10].sorted(), Array(0..<10)) }
    XCTAssertNotEqual(all[0..<10], all[10..<20])
    var resumed = ExampleOrder(count: 10, seed: 3)
    XCTAssertEqual(resumed.examples(at: 17..<33), Array(all[17..<33]))
    var other = ExampleOrder(count: 10, seed: 4)
    XCTAssertNotEqual(other.examples(at: 0..<10), Array(all[0..<10]))
  }

  func testJSONThatWasWrittenReadsTheSame() throws {
    let value = JSONValue.object([
      "a\"\\\u{1}é😀": .array([.integer(-3), .number(0.25), .bool(true), .null, .float(1e-7)]), "empty": .array([]),
      "b": .object(["c": .string("line\nend")]),
    ])
    for text in [JSONText.compact(value), JSONText.pretty(value)] {
      XCTAssertEqual(try JSONValue.parse(Data(text.utf8), source: "text"), value)
    }
    XCTAssertEqual(JSONText.compact(.number(.infinity)), "null")
    XCTAssertFalse(JSONText.compact(value).contains("\n"))
  }
}
