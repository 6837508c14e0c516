import CAtomicLoad

/// A caller's cancel flag, which another thread may set at any time.
struct CancelFlag: @unchecked Sendable {
  private let flag: UnsafePointer<Int32>?

  init(_ flag: UnsafePointer<Int32>? = nil) { self.flag = flag }

  func check() throws {
    if let flag, brevis_atomic_load(flag) != 0 { throw EngineError.cancelled("cancelled by the caller") }
  }
}
