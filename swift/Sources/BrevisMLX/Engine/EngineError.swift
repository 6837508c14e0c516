import CBrevisEngine
import MLX

/// What a call fails with: a status of the contract, and a sentence that says what was expected and what arrived.
package struct EngineError: Error {
  let status: brv_status
  package let message: String

  package static func argument(_ message: String) -> EngineError { .init(BRV_ERROR_ARGUMENT, message) }
  package static func notFound(_ message: String) -> EngineError { .init(BRV_ERROR_NOT_FOUND, message) }
  package static func invalid(_ message: String) -> EngineError { .init(BRV_ERROR_INVALID, message) }
  package static func unsupported(_ message: String) -> EngineError { .init(BRV_ERROR_UNSUPPORTED, message) }
  package static func changed(_ message: String) -> EngineError { .init(BRV_ERROR_CHANGED, message) }
  package static func cancelled(_ message: String) -> EngineError { .init(BRV_ERROR_CANCELLED, message) }
  static func busy(_ message: String) -> EngineError { .init(BRV_ERROR_BUSY, message) }
  package static func memory(_ message: String) -> EngineError { .init(BRV_ERROR_MEMORY, message) }

  /// MLX knows no kinds of errors, only messages: those of its allocators say "malloc".
  static func mlx(_ error: MLXError) -> EngineError {
    guard case .caught(let message) = error else { return .init(BRV_ERROR_INTERNAL, "\(error)") }
    return message.contains("malloc") ? .memory(message) : .init(BRV_ERROR_INTERNAL, "MLX: \(message)")
  }

  package var isNotFound: Bool { status == brv_status(BRV_ERROR_NOT_FOUND) }

  /// What a program of its own exits with, as src/errors.ts has it.
  package var exitCode: Int32 {
    switch Int(status) {
    case BRV_ERROR_INTERNAL, BRV_ERROR_MEMORY: 4
    case BRV_ERROR_UNSUPPORTED, BRV_ERROR_CHANGED: 3
    case BRV_ERROR_CANCELLED: 130
    default: 2
    }
  }

  private init(_ status: some BinaryInteger, _ message: String) {
    self.status = brv_status(status)
    self.message = message
  }
}
