import Foundation
import MLX
import XCTest

@testable import BrevisMLX
@testable import BrevisTrain

/// A folder for one test, with a training of a fixture's model in it.
final class TrainingFixture {
  let path: String

  static let models = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../native/fixtures").standardized.path

  init() {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("brevis-train-\(UUID().uuidString)").path
    try! FileManager.default.createDirectory(atPath: path + "/data", withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ name: String, _ text: String) throws { try OutputFile.write(text, to: path + "/" + name) }

  /// Settings whose run is the folder `run` here; `more` are members of the JSON object.
  func settings(_ model: String, run: String = "run", iterations: Int = 40, _ more: String = "") throws -> TrainingSettings {
    let text = #"""
      {"model":"\#(TrainingFixture.models)/\#(model)","data":"\#(path)/data","run":"\#(path)/\#(run)","iterations":\#(iterations),"saveEvery":16,
       "batchSize":2,"accumulation":2,"learningRate":0.02,"warmup":4,"lora":{"rank":4,"alpha":8},"device":"cpu"\#(more)}
      """#
    return try TrainingSettings(Data(text.utf8), source: "settings")
  }

  /// Examples whose words are to stay where their token's id divides by three; written as train.jsonl and valid.jsonl.
  func writeExamples(features: [Int] = []) throws {
    var random = SplitMix(seed: 5)
    let draw = { (limit: Int) in Int(random.next() % UInt64(limit)) }
    let line = { () -> String in
      let count = 6 + draw(18)
      let tokens = (0..<count).map { _ in draw(99) }
      let ids = (0..<count).flatMap { _ in features.map(draw) }
      let groups = Array(0..<count)
      let targets = tokens.map { $0 % 3 == 0 ? 1 : 0 }
      let ofFeatures = features.isEmpty ? "" : #","features":\#(ids)"#
      return #"{"tokens":\#(tokens)\#(ofFeatures),"labels":[{"output":0,"groups":\#(groups),"targets":\#(targets)}]}"# + "\n"
    }
    try write("data/train.jsonl", (0..<16).map { _ in line() }.joined())
    try write("data/valid.jsonl", (0..<3).map { _ in line() }.joined())
  }

  /// Runs a training to its end, or until `stop` is asked for, and gives what it said.
  @discardableResult
  func run(_ settings: TrainingSettings, interrupt: Interrupt = Interrupt()) throws -> TrainingRun.Ending {
    try OutputFile.makeDirectory(settings.run)
    let log = try EventLog(path: settings.run + "/metrics.jsonl", prints: false)
    return try TrainingRun(settings, log: log, interrupt: interrupt).run()
  }

  /// What metrics.jsonl says of one kind of event.
  func losses(_ event: String, run: String = "run") throws -> [Double] {
    let text = try String(contentsOfFile: "\(path)/\(run)/metrics.jsonl", encoding: .utf8)
    return try text.split(separator: "\n").compactMap { line in
      let value = try JSONValue.parse(Data(line.utf8), source: "metrics")
      guard value["event"] == .string(event), case .number(let loss) = value["loss"] else { return nil }
      return loss
    }
  }

  func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)) }
}

/// Checks that `body` is refused in words that hold `part`.
func assertRefused<Value>(
  _ part: String, file: StaticString = #filePath, line: UInt = #line, _ body: () throws -> Value
) {
  XCTAssertThrowsError(try body(), file: file, line: line) { error in
    let message = (error as? EngineError)?.message ?? "\(error)"
    XCTAssertTrue(message.contains(part), "expected \"\(part)\" in \"\(message)\"", file: file, line: line)
  }
}

/// Tensors of a file as floats, by name.
func readFloats(_ path: String) throws -> [String: [Float]] {
  let files = try TensorFiles.openFile(path, directory: path)
  return try files.tensors.mapValues { tensor in
    let bytes = try files.read(tensor)
    return bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
  }
}

func largestDifference(_ one: [Float], _ other: [Float]) -> Float {
  XCTAssertEqual(one.count, other.count)
  return zip(one, other).map { abs($0 - $1) }.max() ?? 0
}
