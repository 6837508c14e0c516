import Foundation

/// The place of the first value that is infinite or not a number.
func firstNotFinite(_ values: UnsafeBufferPointer<Float>) -> Int? {
  values.firstIndex { !$0.isFinite }
}

/// Throws with the tensor's name where its bytes hold values that are not finite. A float is finite unless all bits of its
/// exponent are set.
func checkFinite(_ bytes: Data, of tensor: Tensor) throws {
  let index: Int? = bytes.withUnsafeBytes { buffer in
    switch tensor.type {
    case .f32: buffer.assumingMemoryBound(to: UInt32.self).firstIndex { $0 & 0x7F80_0000 == 0x7F80_0000 }
    case .f16: buffer.assumingMemoryBound(to: UInt16.self).firstIndex { $0 & 0x7C00 == 0x7C00 }
    case .bf16: buffer.assumingMemoryBound(to: UInt16.self).firstIndex { $0 & 0x7F80 == 0x7F80 }
    default: nil
    }
  }
  if let index {
    throw EngineError.invalid("\(tensor.description): expected finite values, but element \(index) is not")
  }
}
