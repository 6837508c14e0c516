import BrevisMLX
import Foundation
import MLX

/// A tensor that is to be written; its bytes are asked for when their turn comes.
struct TensorToWrite {
  let name: String
  let type: TensorType
  let shape: [Int]
  let bytes: () throws -> Data

  /// An array as it is: float32, float16, bfloat16, uint32 or int32. Computed already; its bytes are read on the engine thread.
  init(_ name: String, _ array: MLXArray) {
    self.name = name
    shape = array.shape
    type = [DType.float32: .f32, .float16: .f16, .bfloat16: .bf16, .uint32: .u32, .int32: .i32][array.dtype]!
    bytes = { array.asData(access: .copy).data }
  }

  /// A tensor of a file as it is there.
  init(_ tensor: Tensor, of files: TensorFiles) {
    (name, type, shape) = (tensor.name, tensor.type, tensor.shape)
    bytes = { try files.read(tensor) }
  }
}

/// Writes files in the safetensors format (https://github.com/huggingface/safetensors). MLX's own writer does not tell of a full disk.
enum TensorWriter {
  static func write(_ tensors: [TensorToWrite], to path: String) throws {
    // Wide types first: every tensor then begins at a multiple of its own width.
    let ordered = tensors.sorted { ($1.type.byteCount, $0.name) < ($0.type.byteCount, $1.name) }
    var begin = 0
    var entries: [String: JSONValue] = ["__metadata__": .object(["format": .string("mlx")])]
    for tensor in ordered {
      let end = begin + tensor.shape.reduce(tensor.type.byteCount, *)
      entries[tensor.name] = .object([
        "dtype": .string(tensor.type.rawValue), "shape": .array(tensor.shape.map { .integer($0) }),
        "data_offsets": .array([.integer(begin), .integer(end)]),
      ])
      begin = end
    }
    var header = Data(JSONText.compact(.object(entries)).utf8)
    header.append(Data(repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8))
    let file = try OutputFile(path)
    var size = UInt64(header.count).littleEndian
    try file.write(Data(bytes: &size, count: 8))
    try file.write(header)
    for tensor in ordered { try file.write(try tensor.bytes()) }
    try file.finish()
  }
}
