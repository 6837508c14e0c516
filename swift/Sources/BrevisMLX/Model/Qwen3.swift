import MLX

/// The Qwen3 transformer over one sequence of tokens: causal with a KV cache, or bidirectional. Engine thread only.
struct Qwen3 {
  let config: ModelConfig
  private let embeddings: Linear
  private let features: [Linear]
  private let layers: [Layer]
  private let finalNorm: MLXArray
  /// The embeddings where they are tied; none where a trainer brings its own.
  private let head: Linear?
  private let headBias: MLXArray?
  private let attention: Attention

  private struct Layer {
    let inputNorm, postAttentionNorm, queryNorm, keyNorm: MLXArray
    let query, key, value, output, gate, up, down: Linear

    var arrays: [MLXArray] { [query, key, value, output, gate, up, down].flatMap(\.arrays) }
  }

  /// `arrays` holds the plan's tensors by name, floats already in the type to compute in; layers that `groups` names become 8-bit,
  /// and `unpacks` makes the layers' quantized weights dense.
  init(_ plan: WeightPlan, arrays: [String: MLXArray], groups: [String: Int], unpacks: Bool = false) throws {
    config = plan.config
    let outer = { (name: String) in Linear(plan.outerLinears[name]!, arrays: arrays, quantizeGroup: nil) }
    embeddings = outer("model.embed_tokens")
    features = config.features.map { outer("feature_embeddings.\($0.name)") }
    layers = (0..<config.layers).map { index in
      let prefix = "model.layers.\(index)."
      let linear = { (name: String) in
        Linear(
          plan.linears[prefix + name]!, arrays: arrays, quantizeGroup: groups[prefix + name], unpacks: unpacks)
      }
      return Layer(
        inputNorm: arrays[prefix + "input_layernorm.weight"]!,
        postAttentionNorm: arrays[prefix + "post_attention_layernorm.weight"]!,
        queryNorm: arrays[prefix + "self_attn.q_norm.weight"]!,
        keyNorm: arrays[prefix + "self_attn.k_norm.weight"]!,
        query: linear("self_attn.q_proj"), key: linear("self_attn.k_proj"), value: linear("self_attn.v_proj"),
        output: linear("self_attn.o_proj"),
        gate: linear("mlp.gate_proj"), up: linear("mlp.up_proj"), down: linear("mlp.down_proj"))
    }
    finalNorm = arrays["model.norm.weight"]!
    let headName = config.task == .keep ? "keep_head" : "lm_head"
    head =
      plan.outerLinears[headName] != nil
      ? outer(headName) : config.task == .causal && config.tiedEmbeddings ? embeddings : nil
    headBias = arrays["keep_head.bias"]
    attention = Attention(config)
    try Evaluation.evaluate(layers.flatMap(\.arrays))
  }

  /// The last layer's normalized output [1, count, hiddenSize] of tokens that stand at `position` and after; what is before them is
  /// in the cache. `featureIds` is [count, features], row-major.
  func forward(
    _ tokens: ArraySlice<Int32>, featureIds: ArraySlice<Int32> = [], position: Int = 0,
    cache: inout KeyValueCache?, adapters: ActivePairs
  ) -> MLXArray {
    let count = tokens.count
    var hidden = embed(tokens, featureIds)
    for (index, layer) in layers.enumerated() {
      let normed = MLXFast.rmsNorm(hidden, weight: layer.inputNorm, eps: config.normEpsilon)
      let queries = attention.rotate(
        layer.query(normed, adapters), heads: config.attentionHeads, norm: layer.queryNorm, count: count,
        position: position)
      var keys = attention.rotate(
        layer.key(normed, adapters), heads: config.keyValueHeads, norm: layer.keyNorm, count: count,
        position: position)
      var values = attention.splitValues(layer.value(normed, adapters), count: count)
      if cache != nil {
        (keys, values) = cache!.layers[index].append(keys: keys, values: values, at: position, count: count)
      }
      let attended = attention.attend(queries, keys: keys, values: values, count: count, position: position)
      hidden = hidden + layer.output(attended, adapters)
      hidden = hidden + feedForward(layer, hidden, adapters)
    }
    return MLXFast.rmsNorm(hidden, weight: finalNorm, eps: config.normEpsilon)
  }

  /// The head's logits of normalized rows: [1, rows, hiddenSize] -> [1, rows, headOutputs].
  func applyHead(_ rows: MLXArray, adapters: ActivePairs) -> MLXArray {
    let logits = head!(rows, adapters)
    return headBias.map { logits + $0 } ?? logits
  }

  /// The head's rows [headOutputs, hiddenSize] and its bias [headOutputs]; nothing where there is no head.
  var headRows: (weight: MLXArray, bias: MLXArray?)? {
    head.map { ($0.embed(MLXArray((0..<config.headOutputs).map(Int32.init))), headBias) }
  }

  private func embed(_ tokens: ArraySlice<Int32>, _ featureIds: ArraySlice<Int32>) -> MLXArray {
    var sum = embeddings.embed(MLXArray(Array(tokens)))
    if !features.isEmpty {
      let ids = MLXArray(Array(featureIds), [tokens.count, features.count])
      for (index, feature) in features.enumerated() { sum = sum + feature.embed(ids[0..., index]) }
    }
    return sum.expandedDimensions(axis: 0)
  }

  private func feedForward(_ layer: Layer, _ hidden: MLXArray, _ adapters: ActivePairs) -> MLXArray {
    let normed = MLXFast.rmsNorm(hidden, weight: layer.postAttentionNorm, eps: config.normEpsilon)
    let gate = layer.gate(normed, adapters)
    return layer.down(gate * sigmoid(gate) * layer.up(normed, adapters), adapters)
  }
}
