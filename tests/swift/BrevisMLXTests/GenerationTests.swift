import CBrevisEngine
import XCTest

@testable import BrevisMLX

final class PromptLookupTests: XCTestCase {
  private func draft(_ tokens: [Int32], _ ngram: Int, _ limit: Int) -> [Int32] {
    Array(PromptLookup.draft(after: tokens, ngram: ngram, limit: limit))
  }

  func testDraftsWhatFollowedTheLatestOccurrence() {
    let tokens: [Int32] = [1, 2, 3, 9, 1, 2, 3, 7, 8, 1, 2, 3]
    XCTAssertEqual(draft(tokens, 3, 2), [7, 8])
    XCTAssertEqual(draft(tokens, 3, 10), [7, 8, 1, 2, 3])
    XCTAssertEqual(draft([5, 5, 5, 5], 3, 4), [5])
  }

  func testDraftsNothingWithoutAnOccurrence() {
    XCTAssertEqual(draft([1, 2, 3, 4], 3, 5), [])
    XCTAssertEqual(draft([1, 2, 3], 3, 5), [])
    XCTAssertEqual(draft([], 3, 5), [])
    XCTAssertEqual(draft([1, 1, 1, 1], 2, 0), [])
  }
}

final class SamplerTests: XCTestCase {
  /// Probabilities .25, .5, .125, .125 at temperature 1.
  private let logits: [Float] = [0.25, 0.5, 0.125, 0.125].map { Float(log(Double($0))) }

  private func atTemperature(_ temperature: Float, seed: UInt64 = 7) -> brv_sampling {
    var sampling = brv_sampling()
    sampling.temperature = temperature
    sampling.seed = seed
    return sampling
  }

  /// How often each id is drawn in 4000 tries.
  private func draw(_ sampling: brv_sampling) throws -> [Int32: Int] {
    var sampler = try Sampler(sampling)
    var counts: [Int32: Int] = [:]
    for _ in 0..<4000 {
      var copy = logits
      counts[try sampler.pick(&copy), default: 0] += 1
    }
    return counts
  }

  func testGreedyTakesTheLowestOfTheLargest() throws {
    var sampler = try Sampler(brv_sampling())
    var logits: [Float] = [1, 2, 2]
    XCTAssertEqual(try sampler.pick(&logits), 1)
  }

  func testDrawsByProbability() throws {
    let counts = try draw(atTemperature(1))
    XCTAssertLessThan(abs(counts[1]! - 2000), 150)
    XCTAssertLessThan(abs(counts[0]! - 1000), 150)
    XCTAssertLessThan(abs(counts[3]! - 500), 100)
    XCTAssertGreaterThan(try draw(atTemperature(0.05))[1]!, 3990)
  }

  func testLimitsTheCandidates() throws {
    var sampling = atTemperature(1)
    sampling.top_k = 2
    XCTAssertEqual(try draw(sampling).count, 2)
    sampling = atTemperature(1)
    sampling.top_p = 0.7
    XCTAssertEqual(try draw(sampling).count, 2)
    sampling.top_p = 0.1
    XCTAssertEqual(try draw(sampling).count, 1)
    sampling = atTemperature(1)
    sampling.min_p = 0.4
    XCTAssertEqual(try draw(sampling).count, 2)
  }

  func testTheSeedDecides() throws {
    XCTAssertEqual(try draw(atTemperature(1)), try draw(atTemperature(1)))
    XCTAssertNotEqual(try draw(atTemperature(1)), try draw(atTemperature(1, seed: 8)))
  }

  func testPenalizesRepetitionOnBothSidesOfZero() throws {
    var sampling = brv_sampling()
    sampling.repetition_penalty = 2
    var sampler = try Sampler(sampling)
    sampler.note(0)
    sampler.note(0)
    var logits: [Float] = [3, 2, -1]
    XCTAssertEqual(try sampler.pick(&logits), 1)
    XCTAssertEqual(logits[0], 1.5)
    sampler.note(2)
    logits = [3, 2, -1]
    _ = try sampler.pick(&logits)
    XCTAssertEqual(logits[2], -2)
  }

  func testRefusesWhatIsOutOfRangeOrNotANumber() throws {
    var sampling = brv_sampling()
    sampling.top_p = .nan
    assertRefused(BRV_ERROR_ARGUMENT, "top_p: expected 0") { try Sampler(sampling) }
    var sampler = try Sampler(brv_sampling())
    assertRefused(BRV_ERROR_INVALID, "expected finite values") {
      var logits: [Float] = [1, .infinity]
      return try sampler.pick(&logits)
    }
  }

  func testACloseCallIsNoClearLead() {
    XCTAssertTrue(Sampler.hasClearLead([1, 8, 7.9], margin: 0x1p-12))
    XCTAssertFalse(Sampler.hasClearLead([1, 8, 7.9999], margin: 0x1p-12))
    XCTAssertFalse(Sampler.hasClearLead([8, 8], margin: 0))
    XCTAssertTrue(Sampler.hasClearLead([8], margin: 0x1p-12))
  }
}
