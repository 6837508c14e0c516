import CBrevisEngine
import Foundation

/// Turns what a call throws into its status, and keeps the message for this thread's last_error().
func guarded(_ body: () throws -> Void) -> brv_status {
  do {
    try body()
    return brv_status(BRV_OK)
  } catch let error as EngineError {
    LastError.record(error.message)
    return error.status
  } catch {
    LastError.record("\(error)")
    return brv_status(BRV_ERROR_INTERNAL)
  }
}

/// The message of each thread's last failed call, in memory that lives as long as the thread.
enum LastError {
  private static let capacity = 2048

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key) { free($0) }
    return key
  }()

  private static let none = permanentString("")

  static func message() -> UnsafePointer<CChar> {
    guard let buffer = pthread_getspecific(key) else { return none }
    return UnsafePointer(buffer.assumingMemoryBound(to: CChar.self))
  }

  static func record(_ message: String) {
    guard let buffer = pthread_getspecific(key) ?? calloc(capacity, 1) else { return }
    pthread_setspecific(key, buffer)
    let text = buffer.assumingMemoryBound(to: UInt8.self)
    var bytes = Array(message.utf8.prefix(capacity))
    if bytes.count == capacity {
      // Whole characters only: a continuation byte's first byte goes with it.
      while let last = bytes.popLast(), last & 0xC0 == 0x80 {}
    }
    for (index, byte) in bytes.enumerated() { text[index] = byte }
    text[bytes.count] = 0
  }
}
