import Foundation

/// The safetensors format: 8 bytes of header size (little-endian), a JSON header, then the tensors' bytes without gaps.
/// https://github.com/huggingface/safetensors (format description in its README).
enum Safetensors {
  /// The format's own limit on the header.
  static let maximumHeader = 100_000_000

  /// Checks a file's header against the file's size and gives its tensors. MLX itself would load a truncated file as garbage.
  static func readHeader(of file: WeightFile) throws -> [Tensor] {
    guard file.size >= 8 else {
      throw EngineError.invalid("\(file.path): expected at least 8 bytes, got \(file.size)")
    }
    let headerSize = try file.read(0..<8).enumerated().reduce(UInt64(0)) { $0 | UInt64($1.element) << (8 * $1.offset) }
    guard headerSize <= maximumHeader, headerSize <= file.size - 8 else {
      throw EngineError.invalid(
        "\(file.path): header of \(headerSize) bytes does not fit the file of \(file.size) bytes")
    }
    let dataStart = 8 + Int(headerSize)
    let document = try JSONValue.parse(file.read(8..<dataStart), source: file.path)
    guard case .object(let entries) = document else {
      throw EngineError.invalid("\(file.path): expected a JSON object as header, got \(document.description)")
    }
    let tensors = try entries.filter { $0.key != "__metadata__" }
      .map { try readEntry($0.key, $0.value, dataStart: dataStart, file: file) }
      .sorted { ($0.bytes.lowerBound, $0.bytes.upperBound) < ($1.bytes.lowerBound, $1.bytes.upperBound) }
    try checkCoverage(tensors, dataStart: dataStart, file: file)
    return tensors
  }

  private static func readEntry(
    _ name: String, _ entry: JSONValue, dataStart: Int, file: WeightFile
  ) throws -> Tensor {
    let source = "\(file.path): tensor \(name)"
    guard case .string(let typeName) = entry["dtype"], case .array(let extents) = entry["shape"],
      case .array(let offsets) = entry["data_offsets"], offsets.count == 2
    else { throw EngineError.invalid("\(source): expected dtype, shape and two data_offsets") }
    guard let type = TensorType(rawValue: typeName) else {
      throw EngineError.invalid("\(source): unknown dtype the string \"\(typeName)\"")
    }
    guard extents.count <= 8 else { throw EngineError.invalid("\(source): expected at most 8 dimensions") }
    let shape = try extents.map { try readSize($0, "\(source): shape") }
    let begin = try readSize(offsets[0], "\(source): data_offsets")
    let end = try readSize(offsets[1], "\(source): data_offsets")
    guard begin <= end, end <= file.size - dataStart else {
      throw EngineError.invalid(
        "\(source): data_offsets [\(begin), \(end)] leave the file's \(file.size - dataStart) data bytes "
          + "(is the file truncated?)")
    }
    let byteCount = try countBytes(of: shape, type: type, source: source)
    guard byteCount == end - begin else {
      throw EngineError.invalid(
        "\(source): \(typeName) \(describe(shape)) needs \(byteCount) bytes, but data_offsets span \(end - begin)")
    }
    return Tensor(
      name: name, type: type, shape: shape, bytes: dataStart + begin..<dataStart + end, file: file.path)
  }

  private static func readSize(_ value: JSONValue, _ source: String) throws -> Int {
    guard case .integer(let size) = value, size >= 0 else {
      throw EngineError.invalid("\(source): expected a size, got \(value.description)")
    }
    return size
  }

  private static func countBytes(of shape: [Int], type: TensorType, source: String) throws -> Int {
    try shape.reduce(type.byteCount) { count, extent in
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      // MLX counts extents in 32 bits.
      guard !overflow, extent <= Int32.max else {
        throw EngineError.invalid("\(source): shape \(describe(shape)) overflows")
      }
      return product
    }
  }

  /// The format allows neither overlaps nor gaps, nor bytes after the last tensor.
  private static func checkCoverage(_ tensors: [Tensor], dataStart: Int, file: WeightFile) throws {
    var covered = dataStart
    for tensor in tensors {
      let begin = tensor.bytes.lowerBound
      guard begin == covered else {
        throw EngineError.invalid(
          "\(file.path): tensor \(tensor.name): expected data at offset \(covered - dataStart), "
            + "got \(begin - dataStart) (\(begin < covered ? "overlap" : "gap"))")
      }
      covered = tensor.bytes.upperBound
    }
    guard covered == file.size else {
      throw EngineError.invalid(
        "\(file.path): expected \(covered - dataStart) data bytes, got \(file.size - dataStart)")
    }
  }
}
