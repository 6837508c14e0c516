import CBrevisEngine

/// The one symbol of the library; see native/include/brevis_engine.h.
@_cdecl("brv_get_engine_api")
public func brv_get_engine_api(_ version: UInt32) -> UnsafePointer<brv_engine_api>? {
  version == UInt32(BRV_ENGINE_ABI_VERSION) ? UnsafePointer(table) : nil
}

/// Lives as long as the process, as does the engine's name in it.
private nonisolated(unsafe) let table: UnsafeMutablePointer<brv_engine_api> = {
  let table = UnsafeMutablePointer<brv_engine_api>.allocate(capacity: 1)
  table.initialize(
    to: brv_engine_api(
      abi_version: UInt32(BRV_ENGINE_ABI_VERSION),
      engine_name: permanentString("mlx"),
      last_error: { LastError.message() },
      open_model: openModel,
      close_model: closeModel,
      describe_model: describeModel,
      load_adapter: loadAdapter,
      drop_adapter: dropAdapter,
      keep: computeKeep,
      logits: computeLogits,
      open_session: openSession,
      close_session: closeSession,
      generate: generateTokens))
  return table
}()

/// A C string that is never freed.
func permanentString(_ text: String) -> UnsafePointer<CChar> {
  let bytes = Array(text.utf8CString)
  let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
  copy.initialize(from: bytes, count: bytes.count)
  return UnsafePointer(copy)
}
