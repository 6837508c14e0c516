import Foundation
import MLX

#if canImport(Metal)
  import Metal
#endif

/// Where MLX computes: on the GPU through Metal, or on the CPU where there is none or BREVIS_MLX_DEVICE=cpu asks for it.
struct ComputeDevice: @unchecked Sendable {
  /// Chosen in the first job on the engine thread; a failure, such as Metal kernels that are missing, stays.
  static let current = Result { try ComputeDevice() }

  /// "metal" or "mlx-cpu"; lives as long as the process.
  let kernels: UnsafePointer<CChar>
  /// Bytes that the GPU may use without hurting the rest of the machine; nil on the CPU.
  let workingSet: Int?
  private let device: Device

  private init() throws {
    workingSet = ComputeDevice.findWorkingSet()
    if let workingSet {
      kernels = permanentString("metal")
      device = Device(.gpu)
      Memory.memoryLimit = workingSet
      Memory.cacheLimit = min(workingSet / 8, 1 << 30)
    } else {
      kernels = permanentString("mlx-cpu")
      device = Device(.cpu)
      // MLX's own default is the GPU, and without one even asking for it fails.
      Device.setDefault(device: device)
      Memory.cacheLimit = 256 << 20
    }
    // MLX makes its statics when it first computes: from here on the exit guard comes before them.
    try use { try Evaluation.evaluate([MLXArray(Float(1)) + MLXArray(Float(2))]) }
  }

  func use<Value>(_ body: () throws -> Value) rethrows -> Value {
    try Device.withDefaultDevice(device, body)
  }

  /// Refuses a model that the GPU could only hold by pushing everything else out.
  func checkRoom(for bytes: Int, directory: String) throws {
    guard let workingSet, bytes > workingSet else { return }
    throw EngineError.memory("\(directory): weights of \(bytes) bytes, but the GPU should hold at most \(workingSet)")
  }

  private static func findWorkingSet() -> Int? {
    #if canImport(Metal)
      guard ProcessInfo.processInfo.environment["BREVIS_MLX_DEVICE"] != "cpu", MTLCreateSystemDefaultDevice() != nil
      else { return nil }
      return GPU.maxRecommendedWorkingSetBytes()
    #else
      return nil
    #endif
  }
}
