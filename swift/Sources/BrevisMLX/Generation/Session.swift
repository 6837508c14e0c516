import CBrevisEngine
import Foundation
import MLX

/// A KV cache of one sequence, and generation from it. One caller at a time.
final class Session: @unchecked Sendable {
  let model: Model
  /// Tokens that the cache may hold.
  let context: Int
  /// Tokens whose keys and values the cache holds.
  private(set) var tokens: [Int32] = []
  private let cache: Confined<KeyValueCache?>
  /// The adapters that they were computed with: a cache of other adapters is of no use.
  private var adapters: [AdapterUse] = []
  private let lock = NSLock()
  private var isBusy = false

  /// Tokens of a prompt that are computed together.
  private static let prefillRows = 512

  init(model: Model, context: Int) {
    self.model = model
    self.context = context
    cache = Confined(KeyValueCache(layers: model.config.layers))
  }

  /// As the contract's generate(); fills `result` as it goes, so that it holds after a cancelled call too.
  func generate(_ request: GenerationRequest, cancel: CancelFlag, result: inout brv_generation) throws {
    try occupy()
    defer { lock.withLock { isBusy = false } }
    let count = request.prompt.count
    guard count <= context else {
      throw EngineError.argument("prompt: expected at most \(context) tokens, got \(count)")
    }
    try checkIds(request.prompt, below: model.config.vocabulary, "prompt token")
    reusePrefix(of: request.prompt, adapters: try request.activateAdapters(of: model))
    result.prompt_tokens = Int32(count)
    result.reused_tokens = Int32(tokens.count)
    let logits = try prefill(request.prompt, cancel: cancel)
    var generation = Generation(self, request, cancel: cancel)
    try generation.run(from: logits, result: &result)
  }

  /// Appends tokens to the cache and gives the logits of the last `wanted` of them, row by row.
  func append(_ new: ArraySlice<Int32>, wanted: Int, cancel: CancelFlag) throws -> [[Float]] {
    try cancel.check()
    try model.checkUnchanged()
    let position = tokens.count
    do {
      let rows = try EngineThread.shared.run { [model, cache, adapters] in
        try cache.use { cache in
          do {
            return try model.weights.use {
              try Session.step(&cache, $0.qwen3, new, position: position, wanted: wanted, adapters: adapters)
            }
          } catch {
            // Its arrays may be what failed.
            cache = KeyValueCache(layers: model.config.layers)
            throw error
          }
        }
      }
      tokens += new
      return rows
    } catch {
      forget()
      throw error
    }
  }

  /// Forgets what is beyond `count` tokens.
  func truncate(to count: Int) { tokens.removeLast(max(0, tokens.count - count)) }

  private static func step(
    _ cache: inout KeyValueCache?, _ qwen3: Qwen3, _ new: ArraySlice<Int32>, position: Int, wanted: Int,
    adapters: [AdapterUse]
  ) throws -> [[Float]] {
    let pairs = ActivePairs(adapters)
    let output = qwen3.forward(new, position: position, cache: &cache, adapters: pairs)
    guard wanted > 0 else {
      try Evaluation.evaluate(cache!.arrays)
      return []
    }
    let rows = output[0..., (new.count - wanted)..<new.count, 0...]
    let logits = qwen3.applyHead(rows, adapters: pairs).asType(.float32)
    try Evaluation.evaluate([logits] + cache!.arrays)
    let width = qwen3.config.vocabulary
    let values = logits.asArray(Float.self)
    return (0..<wanted).map { Array(values[$0 * width..<($0 + 1) * width]) }
  }

  private func occupy() throws {
    let wasBusy = lock.withLock {
      defer { isBusy = true }
      return isBusy
    }
    if wasBusy {
      throw EngineError.busy("session: expected one caller at a time, but another thread is in a call on it")
    }
  }

  private func reusePrefix(of prompt: [Int32], adapters new: [AdapterUse]) {
    if !adapters.isSame(as: new) { forget() }
    adapters = new
    // The last token is computed in any case, for its logits.
    let shared = zip(tokens, prompt.dropLast()).prefix { $0 == $1 }.count
    truncate(to: shared)
  }

  private func prefill(_ prompt: [Int32], cancel: CancelFlag) throws -> [Float] {
    var rows: [[Float]] = []
    while tokens.count < prompt.count {
      let chunk = prompt[tokens.count...].prefix(Session.prefillRows)
      rows = try append(chunk, wanted: chunk.endIndex == prompt.count ? 1 : 0, cancel: cancel)
    }
    return rows[0]
  }

  private func forget() { tokens = [] }
}
