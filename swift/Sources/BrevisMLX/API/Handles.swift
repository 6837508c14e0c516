import CBrevisEngine

// Handles are objects of Swift, retained once for the caller until it closes them.

func handle(of object: some AnyObject) -> OpaquePointer {
  OpaquePointer(Unmanaged.passRetained(object).toOpaque())
}

func object<Object: AnyObject>(of handle: OpaquePointer?, _ name: String) throws -> Object {
  Unmanaged<Object>.fromOpaque(UnsafeRawPointer(try expect(handle, name))).takeUnretainedValue()
}

func expect<Pointer>(_ pointer: Pointer?, _ name: String) throws -> Pointer {
  guard let pointer else { throw EngineError.argument("\(name): expected a pointer, got null") }
  return pointer
}
