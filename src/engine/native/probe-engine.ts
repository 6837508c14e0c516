import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BrevisError } from "../../errors.js";
import type { EngineModelInfo, EngineName } from "../types.js";
import { openEngineModel } from "./open-engine-model.js";

/** A keep model of one layer that does nothing: token 0's logit is 1, token 1's is -1, but for the norm's epsilon. */
const width = 32;
const headSize = 16;
const config = {
  model_type: "qwen3",
  vocab_size: 2,
  hidden_size: width,
  intermediate_size: width,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  num_key_value_heads: 1,
  head_dim: headSize,
  max_position_embeddings: 64,
  rms_norm_eps: 1e-6,
  rope_theta: 1e6,
  tie_word_embeddings: true,
  hidden_act: "silu",
  brevis: { task: "keep" },
};
const layer = "model.layers.0";
/** Name, shape, and the value of the element at a place. */
const tensors: readonly (readonly [string, readonly number[], (place: number) => number])[] = [
  ["model.embed_tokens.weight", [2, width], (place) => (place < width ? 1 : -1)],
  ["model.norm.weight", [width], () => 1],
  ["keep_head.weight", [1, width], () => 1 / width],
  ["keep_head.bias", [1], () => 0],
  [`${layer}.input_layernorm.weight`, [width], () => 1],
  [`${layer}.post_attention_layernorm.weight`, [width], () => 1],
  [`${layer}.self_attn.q_norm.weight`, [headSize], () => 1],
  [`${layer}.self_attn.k_norm.weight`, [headSize], () => 1],
  [`${layer}.self_attn.q_proj.weight`, [2 * headSize, width], () => 0],
  [`${layer}.self_attn.k_proj.weight`, [headSize, width], () => 0],
  [`${layer}.self_attn.v_proj.weight`, [headSize, width], () => 0],
  [`${layer}.self_attn.o_proj.weight`, [width, 2 * headSize], () => 0],
  [`${layer}.mlp.gate_proj.weight`, [width, width], () => 0],
  [`${layer}.mlp.up_proj.weight`, [width, width], () => 0],
  [`${layer}.mlp.down_proj.weight`, [width, width], () => 0],
];
const expectedLogits = [1, -1, 1];

/**
 * Runs a tiny model, written for the purpose, on an engine, and checks the answer.
 *
 * @returns what the engine says of the model: its kernels and threads. Throws what opening and running throw, and
 * `engine-failed` for a wrong answer.
 */
export async function probeEngine(engine: EngineName): Promise<EngineModelInfo> {
  const directory = await mkdtemp(join(tmpdir(), "brevis-probe-"));
  try {
    await writeFile(join(directory, "config.json"), JSON.stringify(config));
    await writeFile(join(directory, "model.safetensors"), encodeTensors());
    await using model = await openEngineModel(directory, { engine });
    const [logits] = await model.logits([{ tokens: Int32Array.of(0, 1, 0) }]);
    if (!expectedLogits.every((expected, i) => Math.abs(logits![i]! - expected) < 1e-3)) {
      const message = `Expected the logits ${expectedLogits.join(", ")} of the engine ${engine} but it gave ${logits!.join(", ")}.`;
      throw new BrevisError("engine-failed", message);
    }
    return model.info;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** As a safetensors file: the header's length, the header as JSON, the data. */
function encodeTensors(): Buffer {
  const header: Record<string, { dtype: string; shape: readonly number[]; data_offsets: [number, number] }> = {};
  const data: Buffer[] = [];
  let offset = 0;
  for (const [name, shape, valueAt] of tensors) {
    const values = new Float32Array(shape.reduce((product, size) => product * size, 1)).map((_, place) =>
      valueAt(place),
    );
    header[name] = { dtype: "F32", shape, data_offsets: [offset, offset + values.byteLength] };
    data.push(Buffer.from(values.buffer));
    offset += values.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, ...data]);
}
