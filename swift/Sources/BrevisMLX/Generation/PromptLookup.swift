/// Prompt look-up decoding: text that repeats its context is drafted from there and checked in one pass.
/// After "Prompt Lookup Decoding" (Apoorv Saxena, 2023).
enum PromptLookup {
  /// The tokens that followed the latest earlier occurrence of the last `ngram` tokens; at most `limit`, empty without one.
  static func draft(after tokens: [Int32], ngram: Int, limit: Int) -> ArraySlice<Int32> {
    guard limit > 0, tokens.count > ngram else { return [] }
    let pattern = tokens.suffix(ngram)
    for start in (0..<tokens.count - ngram).reversed() where tokens[start..<start + ngram].elementsEqual(pattern) {
      return tokens[(start + ngram)...].prefix(limit)
    }
    return []
  }
}
