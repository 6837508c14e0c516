import Foundation

/// A directory for one test, and files in the safetensors format to put there.
final class TemporaryDirectory {
  let path: String

  init() {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("brevis-\(UUID().uuidString)").path
    try! FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ name: String, _ bytes: Data) { try! bytes.write(to: URL(fileURLWithPath: path + "/" + name)) }

  func write(_ name: String, _ text: String) { write(name, Data(text.utf8)) }

  /// A file of this header and so many zero bytes of data.
  static func safetensors(_ header: String, dataBytes: Int) -> Data {
    var size = UInt64(header.utf8.count).littleEndian
    return Data(bytes: &size, count: 8) + Data(header.utf8) + Data(count: dataBytes)
  }
}
