import MLX

/// Everything that a Qwen3 model takes from its files, checked against its config before anything is loaded.
/// Architecture and tensor names as in Hugging Face transformers; Qwen3 Technical Report (arXiv 2505.09388).
struct WeightPlan {
  let config: ModelConfig
  /// By name, without ".weight".
  private(set) var linears: [String: LinearPlan] = [:]
  /// Embeddings and heads: never quantized while loading.
  private(set) var outerLinears: [String: LinearPlan] = [:]
  /// Norms and biases, by their whole name.
  private(set) var vectors: [String: Tensor] = [:]

  /// `hasHead` is false for a trainer that brings a keep head of its own.
  init(config: ModelConfig, files: TensorFiles, hasHead: Bool = true) throws {
    self.config = config
    try addOuter("model.embed_tokens", config.vocabulary, config.hiddenSize, files)
    for feature in config.features {
      try addOuter("feature_embeddings.\(feature.name)", feature.size, config.hiddenSize, files)
    }
    for layer in 0..<config.layers { try addLayer("model.layers.\(layer).", files) }
    try addVector("model.norm.weight", config.hiddenSize, files)
    if hasHead { try addHead(files) }
  }

  /// A layer that stands for the model: its format is what the model is said to have.
  var typical: LinearPlan { linears["model.layers.0.self_attn.q_proj"]! }

  var byteCount: Int { (linears.values.map(\.byteCount) + outerLinears.values.map(\.byteCount)).reduce(0, +) }

  var tensors: [Tensor] {
    (linears.values.flatMap(\.tensors) + outerLinears.values.flatMap(\.tensors) + Array(vectors.values))
      .sorted { ($0.file, $0.bytes.lowerBound) < ($1.file, $1.bytes.lowerBound) }
  }

  /// The linear layers that adapters may stand beside.
  var adaptable: [String: LinearPlan] {
    linears.merging(outerLinears.filter { $0.key == "lm_head" || $0.key == "keep_head" }) { first, _ in first }
  }

  private mutating func addLayer(_ prefix: String, _ files: TensorFiles) throws {
    let (hidden, middle) = (config.hiddenSize, config.intermediateSize)
    let querySize = config.attentionHeads * config.headSize
    let keySize = config.keyValueHeads * config.headSize
    try addVector(prefix + "input_layernorm.weight", hidden, files)
    try addVector(prefix + "post_attention_layernorm.weight", hidden, files)
    try addVector(prefix + "self_attn.q_norm.weight", config.headSize, files)
    try addVector(prefix + "self_attn.k_norm.weight", config.headSize, files)
    for (name, outputs, inputs) in [
      ("self_attn.q_proj", querySize, hidden), ("self_attn.k_proj", keySize, hidden),
      ("self_attn.v_proj", keySize, hidden), ("self_attn.o_proj", hidden, querySize),
      ("mlp.gate_proj", middle, hidden), ("mlp.up_proj", middle, hidden), ("mlp.down_proj", hidden, middle),
    ] {
      linears[prefix + name] = try LinearPlan(prefix + name, outputs, inputs, in: files)
    }
  }

  private mutating func addHead(_ files: TensorFiles) throws {
    if config.task == .keep {
      try addOuter("keep_head", config.keepOutputs, config.hiddenSize, files)
      if files.tensors["keep_head.bias"] != nil { try addVector("keep_head.bias", config.keepOutputs, files) }
    } else if !config.tiedEmbeddings {
      try addOuter("lm_head", config.vocabulary, config.hiddenSize, files)
    }
  }

  private mutating func addOuter(_ name: String, _ outputs: Int, _ inputs: Int, _ files: TensorFiles) throws {
    outerLinears[name] = try LinearPlan(name, outputs, inputs, in: files)
  }

  private mutating func addVector(_ name: String, _ size: Int, _ files: TensorFiles) throws {
    let tensor = try files.require(name, shape: [size])
    guard tensor.type.isFloat else { throw EngineError.invalid("\(tensor.description): expected F32, F16 or BF16") }
    vectors[name] = tensor
  }
}
