import CBrevisEngine
import MLX

/// What a call fails with: a status of the contract, and a sentence that says what was expected and what arrived.
struct EngineError: Error {
  let status: brv_status
  let message: String

  static func argument(_ message: String) -> EngineError { .init(BRV_ERROR_ARGUMENT, message) }
  static func notFound(_ message: String) -> EngineError { .init(BRV_ERROR_NOT_FOUND, message) }
  static func invalid(_ message: String) -> EngineError { .init(BRV_ERROR_INVALID, message) }
  static func unsupported(_ message: String) -> EngineError { .init(BRV_ERROR_UNSUPPORTED, message) }
  static func changed(_ message: String) -> EngineError { .init(BRV_ERROR_CHANGED, message) }
  static func cancelled(_ message: String) -> EngineError { .init(BRV_ERROR_CANCELLED, message) }
  static func busy(_ message: String) -> EngineError { .init(BRV_ERROR_BUSY, message) }
  static func memory(_ message: String) -> EngineError { .init(BRV_ERROR_MEMORY, message) }

  /// MLX knows no kinds of errors, only messages: those of its allocators say "malloc".
  static func mlx(_ error: MLXError) -> EngineError {
    guard case .caught(let message) = error else { return .init(BRV_ERROR_INTERNAL, "\(error)") }
    return message.contains("malloc") ? .memory(message) : .init(BRV_ERROR_INTERNAL, "MLX: \(message)")
  }

  var isNotFound: Bool { status == brv_status(BRV_ERROR_NOT_FOUND) }

  private init(_ status: some BinaryInteger, _ message: String) {
    self.status = brv_status(status)
    self.message = message
  }
}
