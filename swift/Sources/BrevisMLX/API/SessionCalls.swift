import CBrevisEngine

// The calls on sessions: pointers are checked and copied here, and statuses come out.

func openSession(
  model: OpaquePointer?, options: UnsafePointer<brv_session_options>?, out: UnsafeMutablePointer<OpaquePointer?>?
) -> brv_status {
  guarded {
    let model: Model = try object(of: model, "model")
    let out = try expect(out, "session")
    guard model.config.task == .causal else {
      throw EngineError.unsupported("session: a keep model does not generate")
    }
    let asked = Int(options?.pointee.context ?? 0)
    guard (0...model.config.context).contains(asked) else {
      throw EngineError.argument("session: context: expected 0 to \(model.config.context), got \(asked)")
    }
    out.pointee = handle(of: Session(model: model, context: asked == 0 ? model.config.context : asked))
  }
}

func closeSession(_ session: OpaquePointer?) {
  guard let session else { return }
  Unmanaged<Session>.fromOpaque(UnsafeRawPointer(session)).release()
}

func generateTokens(
  session: OpaquePointer?, prompt: UnsafePointer<Int32>?, promptCount: Int,
  options: UnsafePointer<brv_generate_options>?, cancel: UnsafePointer<Int32>?,
  out: UnsafeMutablePointer<brv_generation>?
) -> brv_status {
  var result = brv_generation()
  let status = guarded {
    let session: Session = try object(of: session, "session")
    let prompt = try expect(prompt, "prompt")
    let options = try expect(options, "options").pointee
    guard promptCount >= 1 else { throw EngineError.argument("prompt: expected at least one token, got none") }
    let request = try GenerationRequest(
      prompt: Array(UnsafeBufferPointer(start: prompt, count: promptCount)), options: options)
    let cancel = CancelFlag(cancel)
    try cancel.check()
    try session.generate(request, cancel: cancel, result: &result)
  }
  if let out, status == BRV_OK || status == BRV_ERROR_CANCELLED { out.pointee = result }
  return status
}
