import type { Qwen3Shape } from "./qwen3-shape.js";
import type { GgufMetadata } from "./write-gguf.js";

const layerNames: Readonly<Record<string, string>> = {
  "self_attn.q_proj": "attn_q",
  "self_attn.k_proj": "attn_k",
  "self_attn.v_proj": "attn_v",
  "self_attn.o_proj": "attn_output",
  "self_attn.q_norm": "attn_q_norm",
  "self_attn.k_norm": "attn_k_norm",
  "mlp.gate_proj": "ffn_gate",
  "mlp.up_proj": "ffn_up",
  "mlp.down_proj": "ffn_down",
  input_layernorm: "attn_norm",
  post_attention_layernorm: "ffn_norm",
};

/** A checkpoint's tensor name, without `.weight`, as llama.cpp writes it. */
export function ggufNameOf(name: string): string {
  if (name === "model.embed_tokens") return "token_embd.weight";
  if (name === "model.norm") return "output_norm.weight";
  if (name === "lm_head") return "output.weight";
  const [, layer, part] = /^model\.layers\.(\d+)\.(.+)$/.exec(name) ?? [];
  const known = layerNames[part ?? ""];
  if (known === undefined) throw new Error(`Expected the name of a Qwen3 tensor but got ${name}.`);
  return `blk.${layer}.${known}.weight`;
}

/** A Qwen3 model with a vocabulary of made-up names, since only ids go in and out: llama.cpp opens no model that has none. */
export function ggufMetadataOf(shape: Qwen3Shape): GgufMetadata {
  return {
    "general.architecture": "qwen3",
    "general.alignment": { uint32: 32 },
    "qwen3.block_count": { uint32: shape.layers },
    "qwen3.context_length": { uint32: shape.context },
    "qwen3.embedding_length": { uint32: shape.hiddenSize },
    "qwen3.feed_forward_length": { uint32: shape.intermediateSize },
    "qwen3.attention.head_count": { uint32: shape.attentionHeads },
    "qwen3.attention.head_count_kv": { uint32: shape.keyValueHeads },
    "qwen3.attention.key_length": { uint32: shape.headSize },
    "qwen3.attention.value_length": { uint32: shape.headSize },
    "qwen3.attention.layer_norm_rms_epsilon": { float32: shape.normEpsilon },
    "qwen3.rope.freq_base": { float32: shape.ropeTheta },
    "qwen3.vocab_size": { uint32: shape.vocabulary },
    "tokenizer.ggml.model": "gpt2",
    "tokenizer.ggml.pre": "qwen2",
    "tokenizer.ggml.tokens": Array.from({ length: shape.vocabulary }, (_, id) => `<${id}>`),
    "tokenizer.ggml.merges": ["< 0"],
  };
}
