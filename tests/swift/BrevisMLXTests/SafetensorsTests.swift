import CBrevisEngine
import XCTest

@testable import BrevisMLX

final class SafetensorsTests: XCTestCase {
  private let pair =
    #"{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"#
    + #""b":{"dtype":"BF16","shape":[],"data_offsets":[24,26]}}"#

  private func read(_ bytes: Data) throws -> [Tensor] {
    let directory = TemporaryDirectory()
    directory.write("file", bytes)
    return try Safetensors.readHeader(of: WeightFile(path: directory.path + "/file"))
  }

  private func read(_ header: String, _ dataBytes: Int) throws -> [Tensor] {
    try read(TemporaryDirectory.safetensors(header, dataBytes: dataBytes))
  }

  func testReadsTypesShapesAndScalars() throws {
    let tensors = try read(pair, 26)
    XCTAssertEqual(tensors.map(\.name), ["a", "b"])
    XCTAssertEqual(tensors.map(\.shape), [[2, 3], []])
    XCTAssertEqual(tensors.map(\.bytes.count), [24, 2])
    XCTAssertTrue(tensors[0].description.hasSuffix("file: tensor a (F32 [2, 3])"))
  }

  func testRefusesTruncatedAndPaddedFiles() {
    assertRefused(BRV_ERROR_INVALID, "expected at least 8 bytes") { try read(Data()) }
    assertRefused(BRV_ERROR_INVALID, "does not fit") { try read(Data(repeating: 0xFF, count: 64)) }
    assertRefused(BRV_ERROR_INVALID, "tensor b: data_offsets [24, 26] leave the file's 25 data bytes") {
      try read(pair, 25)
    }
    assertRefused(BRV_ERROR_INVALID, "expected 26 data bytes, got 27") { try read(pair, 27) }
    let whole = TemporaryDirectory.safetensors(pair, dataBytes: 26)
    for size in 0..<whole.count { assertRefused(BRV_ERROR_INVALID, "file") { try read(whole.prefix(size)) } }
  }

  func testRefusesOffsetsThatOverlapLeaveGapsOrDifferFromTheShape() {
    let twice =
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#
    assertRefused(BRV_ERROR_INVALID, "(overlap)") { try read(twice, 12) }
    for (offsets, size, bytes, part) in [
      ("[4,8]", 1, 8, "(gap)"), ("[0,8]", 3, 8, "needs 12 bytes"), ("[8,0]", 2, 8, "data_offsets"),
    ] {
      assertRefused(BRV_ERROR_INVALID, part) {
        try read(#"{"a":{"dtype":"F32","shape":[\#(size)],"data_offsets":\#(offsets)}}"#, bytes)
      }
    }
  }

  func testRefusesAbsurdEntries() {
    for (shape, type, part) in [
      ("[4294967296,4294967296]", "F32", "overflows"), ("[-1]", "F32", "expected a size, got -1"),
      ("[2]", "Q9", "unknown dtype"), ("[1,1,1,1,1,1,1,1,2]", "F32", "8 dimensions"), ("[2.0]", "F32", "expected a size"),
      ("[0,9223372036854775807]", "F32", "overflows"),
    ] {
      assertRefused(BRV_ERROR_INVALID, part) {
        try read(#"{"a":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":[0,8]}}"#, 8)
      }
    }
    assertRefused(BRV_ERROR_INVALID, "expected dtype, shape and two data_offsets") { try read(#"{"a":5}"#, 0) }
    assertRefused(BRV_ERROR_INVALID, "expected a JSON object") { try read("[]", 0) }
  }
}
