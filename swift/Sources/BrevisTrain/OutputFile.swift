import BrevisMLX
import Foundation

/// A file that is written from its beginning, and says where and why that failed.
final class OutputFile {
  private let path: String
  private let descriptor: Int32

  init(_ path: String) throws {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw OutputFile.failure(path) }
  }

  deinit { close(descriptor) }

  func write(_ data: Data) throws {
    try data.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        #if canImport(Darwin)
          let count = Darwin.write(descriptor, buffer.baseAddress! + done, buffer.count - done)
        #else
          let count = Glibc.write(descriptor, buffer.baseAddress! + done, buffer.count - done)
        #endif
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { throw OutputFile.failure(path) }
        done += count
      }
    }
  }

  /// On the disk, not only on its way there.
  func finish() throws {
    guard fsync(descriptor) == 0 else { throw OutputFile.failure(path) }
  }

  /// A whole small file.
  static func write(_ text: String, to path: String) throws {
    let file = try OutputFile(path)
    try file.write(Data(text.utf8))
    try file.finish()
  }

  static func makeDirectory(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw EngineError.invalid("\(path): expected a folder that can be made, but: \(error.localizedDescription)")
    }
  }

  /// Puts a folder in another's place, which may be there already.
  static func replaceDirectory(_ path: String, by partial: String) throws {
    try? FileManager.default.removeItem(atPath: path)
    guard rename(partial, path) == 0 else { throw failure(path) }
  }

  private static func failure(_ path: String) -> EngineError {
    .invalid("\(path): expected to write it, but: \(String(cString: strerror(errno)))")
  }
}
