import CBrevisEngine
import Foundation
import XCTest

@testable import BrevisMLX
@testable import BrevisTrain

/// What a training leaves, opened by the engine.
final class ExportTests: XCTestCase {
  /// Largest difference of the engine's logits from the trainer's.
  private func compare(_ fixture: TrainingFixture, adapter: Bool) throws -> Float {
    let path = fixture.path + "/run/conformance.safetensors"
    let files = try TensorFiles.openFile(path, directory: path)
    let integers = { (name: String) throws -> [Int32] in
      guard let tensor = files.tensors[name] else { return [] }
      return try files.read(tensor).withUnsafeBytes { Array($0.bindMemory(to: Int32.self)) }
    }
    let (tokens, lengths, features) = (try integers("tokens"), try integers("lengths"), try integers("features"))
    let model = try Model.open(
      directory: fixture.path + "/run/model", options: brv_open_options(), cancel: CancelFlag())
    var uses: [AdapterUse] = []
    if adapter {
      try model.loadAdapter(name: "trained", directory: fixture.path + "/run/adapter", cancel: CancelFlag())
      uses = try "trained".withCString { name in
        var use = brv_adapter_use(name: name, scale: 1)
        return try model.adapters.activate(&use, count: 1)
      }
    }
    var logits = [Float](repeating: 0, count: tokens.count * model.config.keepOutputs)
    try tokens.withUnsafeBufferPointer { tokens in
      try lengths.withUnsafeBufferPointer { lengths in
        try features.withUnsafeBufferPointer { features in
          let batch = try Batch(
            brv_batch(
              tokens: tokens.baseAddress, token_count: tokens.count, lengths: lengths.baseAddress,
              sequence_count: lengths.count, features: features.isEmpty ? nil : features.baseAddress),
            config: model.config)
          try logits.withUnsafeMutableBufferPointer {
            try model.computeLogits(of: batch, adapters: uses, cancel: CancelFlag(), into: $0)
          }
        }
      }
    }
    return largestDifference(logits, try readFloats(path)["logits"]!)
  }

  /// Models of floats, with and without features; one that was causal and gets its first keep head.
  func testTheEngineSaysWhatTheTrainerSaid() throws {
    for (model, features) in [("keep", []), ("keep-features", [11, 5]), ("tied-gqa4", []), ("sharded-bf16", [])] {
      for merges in [true, false] {
        let fixture = TrainingFixture()
        try fixture.writeExamples(features: features)
        try fixture.run(fixture.settings(model, iterations: 8, #","merge":\#(merges)"#))
        let difference = try compare(fixture, adapter: !merges)
        print("\(model), \(merges ? "merged" : "beside"): largest difference \(difference)")
        // bfloat16 weights are merged into bfloat16.
        XCTAssertLessThan(difference, merges && model == "sharded-bf16" ? 0.2 : 1e-3, model)
      }
    }
  }

  /// Quantized weights stay quantized: beside them the adapter is exact, merged it is rounded as they are.
  func testQuantizedModels() throws {
    for (model, bound) in [("mlx-q8-g64", Float(0.2)), ("mlx-q4-g32", 3)] {
      for merges in [true, false] {
        let fixture = TrainingFixture()
        try fixture.writeExamples()
        try fixture.run(fixture.settings(model, iterations: 8, #","merge":\#(merges)"#))
        let difference = try compare(fixture, adapter: !merges)
        print("\(model), \(merges ? "merged" : "beside"): largest difference \(difference)")
        XCTAssertLessThan(difference, merges ? bound : 1e-3, model)
      }
    }
  }

  func testAModelThatATrainingLeftCanBeTrainedAgain() throws {
    let fixture = TrainingFixture()
    try fixture.writeExamples()
    try fixture.run(fixture.settings("tied-gqa4", #","merge":false"#))
    let again = #"{"model":"\#(fixture.path)/run/model","data":"\#(fixture.path)/data","run":"\#(fixture.path)/again","iterations":2,"merge":false}"#
    XCTAssertEqual(try fixture.run(TrainingSettings(Data(again.utf8), source: "settings")), .done)
    XCTAssertTrue(FileManager.default.fileExists(atPath: fixture.path + "/again/model/keep_head.safetensors"))
  }
}
