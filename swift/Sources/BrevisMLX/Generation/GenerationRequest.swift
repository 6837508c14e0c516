import CBrevisEngine

/// A prompt and brv_generate_options, checked and copied.
struct GenerationRequest {
  let prompt: [Int32]
  let maxTokens: Int
  let stopIds: [Int32]
  /// Drafted tokens a step; 0 without prompt look-up.
  let lookupTokens: Int
  let lookupNgram: Int
  let sampler: Sampler
  let onToken: (Int32) -> Bool
  private let uses: UnsafePointer<brv_adapter_use>?
  private let useCount: Int

  init(prompt: [Int32], options: brv_generate_options) throws {
    guard options.max_tokens >= 1 else {
      throw EngineError.argument("max_tokens: expected 1 or more, got \(options.max_tokens)")
    }
    guard options.lookup_tokens >= 0, options.lookup_ngram >= 0 else {
      throw EngineError.argument("lookup_tokens and lookup_ngram: expected 0 or more")
    }
    self.prompt = prompt
    maxTokens = Int(options.max_tokens)
    stopIds = options.stop_count == 0
      ? [] : Array(UnsafeBufferPointer(start: try expect(options.stop_ids, "stop_ids"), count: options.stop_count))
    sampler = try Sampler(options.sampling)
    lookupTokens = sampler.isGreedy ? Int(options.lookup_tokens) : 0
    lookupNgram = options.lookup_ngram > 0 ? Int(options.lookup_ngram) : 3
    // True goes on.
    onToken = { token in options.on_token.map { $0(options.context, token) == 0 } ?? true }
    uses = options.adapters
    useCount = options.adapter_count
  }

  func activateAdapters(of model: Model) throws -> [AdapterUse] {
    try model.adapters.activate(uses, count: useCount)
  }
}
