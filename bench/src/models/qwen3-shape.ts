/** The sizes of a Qwen3-shaped model. */
export interface Qwen3Shape {
  readonly layers: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly attentionHeads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  readonly vocabulary: number;
  readonly context: number;
  readonly ropeTheta: number;
  readonly normEpsilon: number;
  readonly tiedEmbeddings: boolean;
}

/** A keep encoder of the size that the speed targets speak of. */
export const keepShape: Qwen3Shape = {
  layers: 6,
  hiddenSize: 256,
  intermediateSize: 768,
  attentionHeads: 4,
  keyValueHeads: 4,
  headSize: 64,
  vocabulary: 16_384,
  context: 2048,
  ropeTheta: 1e6,
  normEpsilon: 1e-6,
  tiedEmbeddings: true,
};

/** Qwen3-0.6B, with room for 4,096 tokens. */
export const causalShape: Qwen3Shape = {
  layers: 28,
  hiddenSize: 1024,
  intermediateSize: 3072,
  attentionHeads: 16,
  keyValueHeads: 8,
  headSize: 128,
  vocabulary: 151_936,
  context: 4096,
  ropeTheta: 1e6,
  normEpsilon: 1e-6,
  tiedEmbeddings: true,
};

/** What config.json says of such a model; `extra` holds `quantization` or `brevis`. */
export function configOf(shape: Qwen3Shape, extra: Record<string, unknown>): Record<string, unknown> {
  return {
    architectures: ["Qwen3ForCausalLM"],
    model_type: "qwen3",
    vocab_size: shape.vocabulary,
    hidden_size: shape.hiddenSize,
    intermediate_size: shape.intermediateSize,
    num_hidden_layers: shape.layers,
    num_attention_heads: shape.attentionHeads,
    num_key_value_heads: shape.keyValueHeads,
    head_dim: shape.headSize,
    max_position_embeddings: shape.context,
    rms_norm_eps: shape.normEpsilon,
    rope_theta: shape.ropeTheta,
    tie_word_embeddings: shape.tiedEmbeddings,
    hidden_act: "silu",
    ...extra,
  };
}

/** A weight matrix as checkpoints name it, `[rows, columns]` with one row an output. */
export interface WeightMatrix {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
}

/** The matrices of layer `layer`, without `.weight`. */
export function listLayerMatrices(shape: Qwen3Shape, layer: number): WeightMatrix[] {
  const queries = shape.attentionHeads * shape.headSize;
  const keys = shape.keyValueHeads * shape.headSize;
  const matrix = (name: string, rows: number, columns: number) => ({
    name: `model.layers.${layer}.${name}`,
    rows,
    columns,
  });
  return [
    matrix("self_attn.q_proj", queries, shape.hiddenSize),
    matrix("self_attn.k_proj", keys, shape.hiddenSize),
    matrix("self_attn.v_proj", keys, shape.hiddenSize),
    matrix("self_attn.o_proj", shape.hiddenSize, queries),
    matrix("mlp.gate_proj", shape.intermediateSize, shape.hiddenSize),
    matrix("mlp.up_proj", shape.intermediateSize, shape.hiddenSize),
    matrix("mlp.down_proj", shape.hiddenSize, shape.intermediateSize),
  ];
}

/** The norms of layer `layer` by name, without `.weight`, and their lengths. */
export function listLayerNorms(shape: Qwen3Shape, layer: number): { name: string; length: number }[] {
  const norm = (name: string, length: number) => ({ name: `model.layers.${layer}.${name}`, length });
  return [
    norm("input_layernorm", shape.hiddenSize),
    norm("post_attention_layernorm", shape.hiddenSize),
    norm("self_attn.q_norm", shape.headSize),
    norm("self_attn.k_norm", shape.headSize),
  ];
}
