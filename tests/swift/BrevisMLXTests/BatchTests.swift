import CBrevisEngine
import XCTest

@testable import BrevisMLX

final class BatchTests: XCTestCase {
  private func config(features: [Feature] = []) -> ModelConfig {
    ModelConfig(
      vocabulary: 10, hiddenSize: 8, intermediateSize: 8, layers: 1, attentionHeads: 1, keyValueHeads: 1, headSize: 8,
      context: 4, normEpsilon: 1e-6, ropeTheta: 10000, tiedEmbeddings: true, features: features)
  }

  private func read(_ tokens: [Int32], _ lengths: [Int32], features: [Int32]? = nil, of config: ModelConfig) throws -> Batch {
    try tokens.withUnsafeBufferPointer { tokens in
      try lengths.withUnsafeBufferPointer { lengths in
        try (features ?? []).withUnsafeBufferPointer { ids in
          try Batch(
            brv_batch(
              tokens: tokens.baseAddress, token_count: tokens.count, lengths: lengths.baseAddress,
              sequence_count: lengths.count, features: features == nil ? nil : ids.baseAddress),
            config: config)
        }
      }
    }
  }

  func testCutsTokensAndFeaturesIntoSequences() throws {
    let config = config(features: [Feature(name: "shape", size: 3), Feature(name: "place", size: 5)])
    let batch = try read([1, 2, 3], [1, 2], features: [0, 1, 2, 3, 1, 4], of: config)
    XCTAssertEqual(batch.sequences, [0..<1, 1..<3])
    XCTAssertEqual(batch.features(of: 1..<3), [2, 3, 1, 4])
  }

  func testExplainsWrongArguments() {
    let plain = config()
    assertRefused(BRV_ERROR_ARGUMENT, "at least one sequence") { try read([], [], of: plain) }
    assertRefused(BRV_ERROR_ARGUMENT, "token 1: expected an id from 0 to 9, got 10") { try read([1, 10], [2], of: plain) }
    assertRefused(BRV_ERROR_ARGUMENT, "token 0: expected an id from 0 to 9, got -1") { try read([-1], [1], of: plain) }
    assertRefused(BRV_ERROR_ARGUMENT, "expected token_count 3") { try read([1, 2], [3], of: plain) }
    assertRefused(BRV_ERROR_ARGUMENT, "sequence 1: expected 1 to 4 tokens, got 0") { try read([1], [1, 0], of: plain) }
    assertRefused(BRV_ERROR_ARGUMENT, "sequence 0: expected 1 to 4 tokens, got 5") {
      try read([1, 1, 1, 1, 1], [5], of: plain)
    }
    assertRefused(BRV_ERROR_ARGUMENT, "expected 0 features") { try read([1], [1], features: [0], of: plain) }
    let featured = config(features: [Feature(name: "shape", size: 3)])
    assertRefused(BRV_ERROR_ARGUMENT, "expected 1 features") { try read([1], [1], of: featured) }
    assertRefused(BRV_ERROR_ARGUMENT, "feature shape 0: expected an id from 0 to 2, got 3") {
      try read([1, 1], [2], features: [0, 3], of: featured)
    }
  }
}
