import CBrevisEngine
import XCTest

@testable import BrevisMLX

final class TensorFilesTests: XCTestCase {
  private let directory = TemporaryDirectory()
  private let one = TemporaryDirectory.safetensors(
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, dataBytes: 8)
  private let two = TemporaryDirectory.safetensors(
    #"{"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, dataBytes: 4)

  private func open() throws -> TensorFiles { try TensorFiles.openModel(directory: directory.path) }

  private func writeIndex(_ map: String) {
    directory.write("model.safetensors.index.json", #"{"weight_map":\#(map)}"#)
  }

  func testFollowsAnIndexAndChecksIt() throws {
    directory.write("1.safetensors", one)
    directory.write("2.safetensors", two)
    writeIndex(#"{"a":"1.safetensors","b":"2.safetensors"}"#)
    XCTAssertEqual(Set(try open().tensors.keys), ["a", "b"])
    writeIndex(#"{"a":"1.safetensors","b":"1.safetensors"}"#)
    assertRefused(BRV_ERROR_INVALID, "expected tensor b in") { try open() }
    writeIndex(#"{"a":"../1.safetensors"}"#)
    assertRefused(BRV_ERROR_INVALID, "expected a file name") { try open() }
    writeIndex(#"{"a":"3.safetensors"}"#)
    assertRefused(BRV_ERROR_NOT_FOUND, "3.safetensors") { try open() }
    directory.write("2.safetensors", one)
    writeIndex(#"{"a":"1.safetensors","b":"2.safetensors"}"#)
    assertRefused(BRV_ERROR_INVALID, "tensor a is in") { try open() }
  }

  func testSaysWhatWasExpectedOfATensor() throws {
    directory.write("model.safetensors", one)
    let files = try open()
    assertRefused(BRV_ERROR_INVALID, "tensor a (F32 [2]): expected shape [3]") { try files.require("a", shape: [3]) }
    assertRefused(BRV_ERROR_INVALID, "expected a tensor b") { try files.require("b", shape: [1]) }
    XCTAssertEqual(try files.read(files.require("a", shape: [2])), Data(count: 8))
  }

  func testNoticesAReplacedFile() throws {
    directory.write("model.safetensors", one)
    let files = try open()
    XCTAssertNoThrow(try files.checkUnchanged())
    directory.write("new", one)
    XCTAssertEqual(rename(directory.path + "/new", directory.path + "/model.safetensors"), 0)
    assertRefused(BRV_ERROR_CHANGED, "model.safetensors") { try files.checkUnchanged() }
  }

  func testNoticesAFileThatWasCut() throws {
    directory.write("model.safetensors", one)
    let files = try open()
    XCTAssertEqual(truncate(directory.path + "/model.safetensors", 20), 0)
    assertRefused(BRV_ERROR_CHANGED, "ended early") { try files.read(files.require("a", shape: [2])) }
  }

  func testNamesTheFirstValueThatIsNotFinite() throws {
    let values: [(TensorType, [UInt8])] = [
      (.f32, [0, 0, 0, 0, 0, 0, 0xC0, 0x7F]), (.f16, [0, 0x3C, 0, 0x7C]), (.bf16, [0x80, 0x3F, 0x80, 0xFF]),
    ]
    for (type, bytes) in values {
      let tensor = Tensor(name: "a.scales", type: type, shape: [2], bytes: 0..<bytes.count, file: "f")
      assertRefused(BRV_ERROR_INVALID, "f: tensor a.scales (\(type.rawValue) [2]): expected finite values, but element 1") {
        try checkFinite(Data(bytes), of: tensor)
      }
      XCTAssertNoThrow(try checkFinite(Data(bytes.prefix(bytes.count / 2)), of: tensor))
    }
  }
}
