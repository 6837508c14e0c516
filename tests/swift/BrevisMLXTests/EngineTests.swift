import CBrevisEngine
import MLX
import XCTest

@testable import BrevisMLX

final class EngineThreadTests: XCTestCase {
  func testGivesValuesAndThrowsErrors() throws {
    XCTAssertEqual(try EngineThread.shared.run { 7 }, 7)
    assertRefused(BRV_ERROR_BUSY, "taken") { try EngineThread.shared.run { throw EngineError.busy("taken") } }
  }

  /// MLX would end the process on an error that nobody collects.
  func testThrowsWhatMLXReports() throws {
    assertRefused(BRV_ERROR_INTERNAL, "MLX: ") {
      try EngineThread.shared.run {
        try Evaluation.evaluate([matmul(MLXArray.ones([2, 3]), MLXArray.ones([4, 5]))])
      }
    }
    let sum = try EngineThread.shared.run { () -> Float in
      let sum = MLXArray.ones([2, 3]).sum()
      try Evaluation.evaluate([sum])
      return sum.item(Float.self)
    }
    XCTAssertEqual(sum, 6)
  }

  func testConfinedValuesDieOnTheEngineThread() throws {
    let engineThread = try EngineThread.shared.run { pthread_self() }
    final class Witness {
      let died: (pthread_t) -> Void
      init(_ died: @escaping (pthread_t) -> Void) { self.died = died }
      deinit { died(pthread_self()) }
    }
    let died = expectation(description: "destroyed")
    nonisolated(unsafe) var thread = pthread_self()
    var confined: Confined<Witness>? = Confined(
      Witness {
        thread = $0
        died.fulfill()
      })
    XCTAssertNotNil(confined)
    confined = nil
    wait(for: [died], timeout: 60)
    XCTAssertEqual(thread, engineThread)
  }
}

final class LastErrorTests: XCTestCase {
  private var message: String { String(cString: LastError.message()) }

  func testEachThreadHasItsOwn() {
    LastError.record("here")
    let done = expectation(description: "thread")
    nonisolated(unsafe) var elsewhere = "unset"
    Thread.detachNewThread {
      elsewhere = String(cString: LastError.message())
      done.fulfill()
    }
    wait(for: [done], timeout: 60)
    XCTAssertEqual(elsewhere, "")
    XCTAssertEqual(message, "here")
  }

  func testLongMessagesAreCutBetweenCharacters() {
    for padding in 0..<4 {
      LastError.record(String(repeating: "a", count: padding) + String(repeating: "é😀", count: 1000))
      XCTAssertFalse(message.contains("\u{FFFD}"))
      XCTAssertGreaterThan(message.utf8.count, 2040)
      XCTAssertLessThan(message.utf8.count, 2048)
    }
  }
}

final class EngineTableTests: XCTestCase {
  func testTheTableIsForOneVersion() {
    XCTAssertNil(BrevisMLX.brv_get_engine_api(UInt32(BRV_ENGINE_ABI_VERSION) + 1))
    XCTAssertNil(BrevisMLX.brv_get_engine_api(0))
    let table = BrevisMLX.brv_get_engine_api(UInt32(BRV_ENGINE_ABI_VERSION))!.pointee
    XCTAssertEqual(table.abi_version, UInt32(BRV_ENGINE_ABI_VERSION))
    XCTAssertEqual(String(cString: table.engine_name), "mlx")
  }

  func testNullPointersAreRefused() {
    let table = BrevisMLX.brv_get_engine_api(UInt32(BRV_ENGINE_ABI_VERSION))!.pointee
    let refused = brv_status(BRV_ERROR_ARGUMENT)
    XCTAssertEqual(table.open_model(nil, nil, nil, nil), refused)
    XCTAssertEqual(table.describe_model(nil, nil), refused)
    XCTAssertEqual(table.load_adapter(nil, nil, nil, nil), refused)
    XCTAssertEqual(table.drop_adapter(nil, nil), refused)
    XCTAssertEqual(table.keep(nil, nil, nil, 0, nil, nil, 0), refused)
    XCTAssertEqual(table.logits(nil, nil, nil, 0, nil, nil, 0), refused)
    XCTAssertEqual(table.open_session(nil, nil, nil), refused)
    XCTAssertEqual(table.generate(nil, nil, 0, nil, nil, nil), refused)
    XCTAssertEqual(String(cString: table.last_error()!), "session: expected a pointer, got null")
    table.close_model(nil)
    table.close_session(nil)
  }
}
