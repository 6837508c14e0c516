import Foundation

/// A file that stays open, is read at offsets, and notices when its path comes to mean something else.
/// Read rather than mapped: what is cut or replaced meanwhile then gives an error, not a signal.
package final class WeightFile: @unchecked Sendable {
  let path: String
  let size: Int
  private let descriptor: Int32
  private let identity: Identity

  /// What tells one file from another that has its path.
  private struct Identity: Equatable {
    let device, inode, size, seconds, nanoseconds: Int64

    init(_ status: stat) {
      device = Int64(status.st_dev)
      inode = Int64(bitPattern: UInt64(status.st_ino))
      size = Int64(status.st_size)
      #if canImport(Darwin)
        let modified = status.st_mtimespec
      #else
        let modified = status.st_mtim
      #endif
      seconds = Int64(modified.tv_sec)
      nanoseconds = Int64(modified.tv_nsec)
    }
  }

  init(path: String) throws {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw WeightFile.unreadable(path) }
    var status = stat()
    let isRegular = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    self.path = path
    size = isRegular ? Int(status.st_size) : 0
    identity = Identity(status)
    guard isRegular else { throw EngineError.invalid("\(path): expected a regular file") }
    guard isUnchanged() else {
      throw EngineError.changed("\(path): the file was replaced while it was being opened")
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func checkUnchanged() throws {
    guard isUnchanged() else {
      throw EngineError.changed(
        "\(path): expected the file that was opened, but it was replaced, rewritten or removed since; "
          + "close the model and open it again")
    }
  }

  /// Whether the path still leads to the file that was opened, as it was.
  private func isUnchanged() -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && Identity(status) == identity
  }

  /// All of a range of bytes.
  func read(_ range: Range<Int>) throws -> Data {
    var data = Data(count: range.count)
    try data.withUnsafeMutableBytes { buffer in
      var done = 0
      while done < buffer.count {
        let count = pread(descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(range.lowerBound + done))
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else {
          throw EngineError.changed("\(path): expected \(size) bytes, but the file ended early; it was cut since")
        }
        done += count
      }
    }
    return data
  }

  static func unreadable(_ path: String) -> EngineError {
    .notFound("\(path): expected a readable file, but: \(String(cString: strerror(errno)))")
  }

  /// A whole document of at most `limit` bytes.
  package static func readDocument(_ path: String, limit: Int) throws -> Data {
    let file = try WeightFile(path: path)
    guard file.size <= limit else {
      throw EngineError.invalid("\(path): expected at most \(limit) bytes, got \(file.size)")
    }
    return try file.read(0..<file.size)
  }
}
