import CBrevisEngine
import XCTest

@testable import BrevisMLX

final class JSONValueTests: XCTestCase {
  private func parse(_ text: String) throws -> JSONValue {
    try JSONValue.parse(Data(text.utf8), source: "file.json")
  }

  func testReadsAllKindsOfValues() throws {
    let value = try parse(#" {"a": [1, -2.5e1, true, false, null], "b": {"c": "x\n\u00e9\ud83d\ude00"}} "#)
    XCTAssertEqual(value["a"], .array([.integer(1), .number(-25), .bool(true), .bool(false), .null]))
    XCTAssertEqual(value["b"]?["c"], .string("x\né😀"))
    XCTAssertNil(value["missing"])
  }

  func testKeepsLargeIntegersExact() throws {
    XCTAssertEqual(try parse("9007199254740993"), .integer(9_007_199_254_740_993))
    XCTAssertEqual(try parse("99999999999999999999"), .number(1e20))
  }

  func testRefusesWhatIsNotJSON() {
    for text in [
      "", "{", "[1,]", "{\"a\":1,}", "01", "1.", "-", "nul", "\"\\x\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"",
      "\"a\nb\"", "\"open", "[1] 2", "{\"a\":1,\"a\":2}", "NaN", "{a:1}", "1e", "\"\\u12\"", "\"\\u+123\"", "+1",
    ] {
      assertRefused(BRV_ERROR_INVALID, "file.json: not valid JSON") { try parse(text) }
    }
  }

  func testRefusesNamesThatAreNotUTF8() {
    let document = Data("{\"".utf8) + Data([0xC3, 0x28]) + Data("\": 1}".utf8)
    assertRefused(BRV_ERROR_INVALID, "UTF-8") { try JSONValue.parse(document, source: "file.json") }
  }

  func testBoundsNesting() throws {
    assertRefused(BRV_ERROR_INVALID, "levels of nesting") { try parse(String(repeating: "[", count: 100_000)) }
    XCTAssertNoThrow(try parse(String(repeating: "[", count: 60) + String(repeating: "]", count: 60)))
  }
}
