import MLX

/// A tensor as a file's header describes it.
package struct Tensor {
  package let name: String
  package let type: TensorType
  package let shape: [Int]
  /// Place of its bytes in the file.
  package let bytes: Range<Int>
  package let file: String

  package var description: String { "\(file): tensor \(name) (\(type.rawValue) \(describe(shape)))" }
}

func describe(_ shape: [Int]) -> String { "[" + shape.map(String.init).joined(separator: ", ") + "]" }

/// The types of the safetensors format.
package enum TensorType: String {
  case f32 = "F32"
  case f16 = "F16"
  case bf16 = "BF16"
  case u32 = "U32"
  case f64 = "F64"
  case i64 = "I64"
  case u64 = "U64"
  case i32 = "I32"
  case i16 = "I16"
  case u16 = "U16"
  case i8 = "I8"
  case u8 = "U8"
  case bool = "BOOL"
  case f8e4m3 = "F8_E4M3"
  case f8e5m2 = "F8_E5M2"

  package var byteCount: Int {
    switch self {
    case .f64, .i64, .u64: 8
    case .f32, .u32, .i32: 4
    case .f16, .bf16, .i16, .u16: 2
    case .i8, .u8, .bool, .f8e4m3, .f8e5m2: 1
    }
  }

  /// For the types that models are made of.
  package var dtype: DType? {
    switch self {
    case .f32: .float32
    case .f16: .float16
    case .bf16: .bfloat16
    case .u32: .uint32
    default: nil
    }
  }

  package var isFloat: Bool { [.f32, .f16, .bf16].contains(self) }
}
