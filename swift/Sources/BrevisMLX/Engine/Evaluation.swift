import MLX

/// MLX reports errors to a handler, not to the caller: here they are collected for one job and thrown where its work is awaited.
/// Engine thread only.
package enum Evaluation {
  private nonisolated(unsafe) static var errors: ErrorBox?

  /// Runs a job; throws the first error of MLX, whatever the job itself made of it.
  static func collectingErrors<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try withError { box in
        errors = box
        defer { errors = nil }
        let result = Result { try body() }
        try box.check()
        return try result.get()
      }
    } catch let error as MLXError {
      throw EngineError.mlx(error)
    }
  }

  /// Computes arrays. Checks before as well: an operation that failed leaves an array that must not be computed.
  package static func evaluate(_ arrays: [MLXArray]) throws {
    try EngineThread.shared.checkNotExiting()
    try errors?.check()
    eval(arrays)
    try errors?.check()
    ExitGuard.renew()
  }

  /// Computes an array and copies it out as float32.
  static func copy(_ array: MLXArray, to out: UnsafeMutableBufferPointer<Float>) throws {
    let floats = array.asType(.float32)
    try evaluate([floats])
    let data = floats.asData(access: .noCopyIfContiguous).data
    _ = withExtendedLifetime(floats) { data.copyBytes(to: out) }
  }
}
