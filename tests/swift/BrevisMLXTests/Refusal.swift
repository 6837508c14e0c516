import CBrevisEngine
import XCTest

@testable import BrevisMLX

/// Checks that `body` is refused with a status, in words that hold `part`.
func assertRefused<Value>(
  _ status: some BinaryInteger, _ part: String, file: StaticString = #filePath, line: UInt = #line,
  _ body: () throws -> Value
) {
  do {
    _ = try body()
    XCTFail("expected a refusal with \"\(part)\"", file: file, line: line)
  } catch let error as EngineError {
    XCTAssertEqual(Int(error.status), Int(status), error.message, file: file, line: line)
    XCTAssertTrue(
      error.message.contains(part), "expected \"\(part)\" in \"\(error.message)\"", file: file, line: line)
  } catch {
    XCTFail("\(error)", file: file, line: line)
  }
}
