import CBrevisEngine
import MLX

/// The loop that turns logits into tokens, one step at a time or several by prompt look-up. It runs on the caller's thread, so that the
/// caller's function is called there; each step's computation is a job of the engine thread.
struct Generation {
  private let session: Session
  private let request: GenerationRequest
  private let cancel: CancelFlag
  private var sampler: Sampler

  init(_ session: Session, _ request: GenerationRequest, cancel: CancelFlag) {
    self.session = session
    self.request = request
    self.cancel = cancel
    sampler = request.sampler
    for token in session.tokens { sampler.note(token) }
  }

  /// `logits` are those of the prompt's last token.
  mutating func run(from logits: [Float], result: inout brv_generation) throws {
    var logits = logits
    while true {
      let token = try sampler.pick(&logits)
      guard deliver(token, &result) else { return }
      guard session.tokens.count < session.context else {
        result.finish = Int32(BRV_FINISH_CONTEXT)
        return
      }
      guard let next = try step(token, &result) else { return }
      logits = next
    }
  }

  /// Hands over a token, unless it ends the text; false when generation is over.
  private mutating func deliver(_ token: Int32, _ result: inout brv_generation) -> Bool {
    let finish = { (reason: Int, result: inout brv_generation) -> Bool in
      result.finish = Int32(reason)
      return false
    }
    if request.stopIds.contains(token) { return finish(BRV_FINISH_STOP, &result) }
    sampler.note(token)
    result.generated_tokens += 1
    if !request.onToken(token) { return finish(BRV_FINISH_CALLBACK, &result) }
    return result.generated_tokens < request.maxTokens || finish(BRV_FINISH_LENGTH, &result)
  }

  /// Appends `token` and a draft after it, delivers what the model confirms, and gives the logits that follow; nil when generation
  /// is over.
  private mutating func step(_ token: Int32, _ result: inout brv_generation) throws -> [Float]? {
    let tokens = [token] + draft(after: token, delivered: Int(result.generated_tokens))
    let before = session.tokens.count
    let rows = try session.append(tokens[...], wanted: tokens.count, cancel: cancel)
    if tokens.count == 1 { return rows[0] }
    result.drafted_tokens += Int32(tokens.count - 1)
    for (index, row) in rows.enumerated() {
      var penalized = row
      let next = try sampler.pick(&penalized)
      guard Sampler.hasClearLead(penalized, margin: margin) else {
        // Several rows are summed in another order than one: a close call is decided as without look-up, by one row alone.
        session.truncate(to: before + index)
        return try session.append(tokens[index...index], wanted: 1, cancel: cancel)[0]
      }
      guard index + 1 < tokens.count, next == tokens[index + 1] else {
        session.truncate(to: before + index + 1)
        return row
      }
      result.accepted_tokens += 1
      guard deliver(next, &result) else {
        session.truncate(to: before + index + 1)
        return nil
      }
    }
    return nil
  }

  /// What may follow `token`, within the room of the cache and what may still be delivered.
  private func draft(after token: Int32, delivered: Int) -> ArraySlice<Int32> {
    guard request.lookupTokens > 0 else { return [] }
    let tokens = session.tokens + [token]
    let room = min(session.context - tokens.count, request.maxTokens - delivered)
    return PromptLookup.draft(after: tokens, ngram: request.lookupNgram, limit: min(request.lookupTokens, room))
  }

  /// Share of a logit that may come from the order of summing: some units of the type's last place.
  private var margin: Float {
    switch session.model.type {
    case .bfloat16: 0x1p-6
    case .float16: 0x1p-9
    default: 0x1p-12
    }
  }
}
