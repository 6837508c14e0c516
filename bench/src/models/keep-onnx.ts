import type { FloatTensor } from "./keep-weights.js";
import { contributed, createOnnxGraph, type OnnxGraph } from "./onnx-graph.js";
import type { Qwen3Shape } from "./qwen3-shape.js";

/** How the graph is written; every variant computes the same model. */
export interface KeepOnnxOptions {
  /** float: as stored. dynamic: weights int8 by output, activations uint8 by tensor, as onnxruntime's dynamic quantization makes them. blocks: MatMulNBits with 8 bits, int8 activations. */
  readonly linear: "float" | "dynamic" | "blocks";
  /** One matrix for query, key and value, and one for gate and up. */
  readonly merged: boolean;
  /** fused: onnxruntime's MultiHeadAttention. plain: MatMul, Softmax, MatMul. */
  readonly attention: "fused" | "plain";
}

type Weights = ReadonlyMap<string, FloatTensor>;

/** The keep encoder as an ONNX model: `tokens` int64 [1, n] to `logits` float [1, n, 1]. */
export function writeKeepOnnx(peers: URL, shape: Qwen3Shape, weights: Weights, options: KeepOnnxOptions): Uint8Array {
  const graph = createOnnxGraph(peers);
  const build = { graph, shape, weights, options };
  addRotaryTables(graph, shape);
  const positions = addPositions(graph);
  let residual = graph.node("Gather", [addTensor(build, "model.embed_tokens.weight"), "tokens"]);
  let normalized = addNorm(build, residual, "model.layers.0.input_layernorm.weight");
  for (let layer = 0; layer < shape.layers; layer++) {
    const prefix = `model.layers.${layer}`;
    const attended = addAttention(build, normalized, positions, `${prefix}.self_attn`);
    [residual, normalized] = addSkipNorm(build, residual, attended, `${prefix}.post_attention_layernorm.weight`);
    const widened = addMlp(build, normalized, `${prefix}.mlp`);
    const next = layer + 1 < shape.layers ? `model.layers.${layer + 1}.input_layernorm.weight` : "model.norm.weight";
    [residual, normalized] = addSkipNorm(build, residual, widened, next);
  }
  const head = transpose(tensorOf(weights, "keep_head.weight"));
  const product = graph.node("MatMul", [normalized, graph.constant("keep_head", head.shape, head.values)]);
  graph.nodeWith("Add", [product, addTensor(build, "keep_head.bias")], ["logits"]);
  return graph.encode(
    { name: "tokens", type: "int64", shape: [1, "n"] },
    { name: "logits", type: "float", shape: [1, "n", 1] },
  );
}

interface Build {
  readonly graph: OnnxGraph;
  readonly shape: Qwen3Shape;
  readonly weights: Weights;
  readonly options: KeepOnnxOptions;
}

function addAttention(build: Build, input: string, positions: string, prefix: string): string {
  const { graph, shape, options } = build;
  const [query, key, value] = addLinears(build, input, [`${prefix}.q_proj`, `${prefix}.k_proj`, `${prefix}.v_proj`]);
  const rotate = (projected: string, norm: string) =>
    addRotation(build, projected, `${prefix}.${norm}.weight`, positions);
  const [q, k] = [rotate(query!, "q_norm"), rotate(key!, "k_norm")];
  const heads = { num_heads: { int: shape.attentionHeads } };
  const mixed =
    options.attention === "fused"
      ? graph.node("MultiHeadAttention", [q, k, value!], heads, contributed)
      : addPlainAttention(build, q, k, value!);
  return addLinears(build, mixed, [`${prefix}.o_proj`])[0]!;
}

/** RMS norm of each head, then rotary positions, on [1, n, heads * size]. */
function addRotation(build: Build, projected: string, norm: string, positions: string): string {
  const { graph, shape } = build;
  const heads = reshape(graph, projected, [0, 0, shape.attentionHeads, shape.headSize]);
  const flat = reshape(graph, addNorm(build, heads, norm), [0, 0, shape.attentionHeads * shape.headSize]);
  return graph.node("RotaryEmbedding", [flat, positions, "rotary_cos", "rotary_sin"], {}, contributed);
}

function addPlainAttention({ graph, shape }: Build, query: string, key: string, value: string): string {
  const split = (input: string, order: readonly number[]) =>
    graph.node("Transpose", [reshape(graph, input, [0, 0, shape.attentionHeads, shape.headSize])], {
      perm: { ints: order },
    });
  const scale = graph.constant("attention_scale", [1], new Float32Array([1 / Math.sqrt(shape.headSize)]));
  const scores = graph.node("MatMul", [
    graph.node("Mul", [split(query, [0, 2, 1, 3]), scale]),
    split(key, [0, 2, 3, 1]),
  ]);
  const mixed = graph.node("MatMul", [
    graph.node("Softmax", [scores], { axis: { int: -1 } }),
    split(value, [0, 2, 1, 3]),
  ]);
  return reshape(graph, graph.node("Transpose", [mixed], { perm: { ints: [0, 2, 1, 3] } }), [0, 0, -1]);
}

function addMlp(build: Build, input: string, prefix: string): string {
  const { graph } = build;
  const [gate, up] = addLinears(build, input, [`${prefix}.gate_proj`, `${prefix}.up_proj`]);
  const activated = graph.node("QuickGelu", [gate!], { alpha: { float: 1 } }, contributed);
  return addLinears(build, graph.node("Mul", [activated, up!]), [`${prefix}.down_proj`])[0]!;
}

/** Several matrices applied to one input, which is quantized once. */
function addLinears(build: Build, input: string, names: readonly string[]): string[] {
  const { graph, weights, options } = build;
  const matrices = names.map((name) => tensorOf(weights, `${name}.weight`));
  const quantized = options.linear === "dynamic" ? quantizeInput(graph, input) : [];
  const apply = (matrix: FloatTensor, name: string) => {
    if (options.linear === "blocks") return addBlockLinear(graph, input, matrix, name);
    return options.linear === "dynamic"
      ? addDynamicLinear(graph, quantized, matrix, name)
      : addFloatLinear(graph, input, matrix, name);
  };
  if (!options.merged || matrices.length === 1) return matrices.map((matrix, i) => apply(matrix, names[i]!));
  const outputs = names.map((name) => graph.name(name));
  const sizes = graph.constant(
    `${names[0]}.sizes`,
    [names.length],
    BigInt64Array.from(matrices, ({ shape }) => BigInt(shape[0]!)),
  );
  graph.nodeWith("Split", [apply(stack(matrices), `${names[0]}.merged`), sizes], outputs, { axis: { int: -1 } });
  return outputs;
}

function addFloatLinear(graph: OnnxGraph, input: string, matrix: FloatTensor, name: string): string {
  const { shape, values } = transpose(matrix);
  return graph.node("MatMul", [input, graph.constant(name, shape, values)]);
}

function quantizeInput(graph: OnnxGraph, input: string): [string, string, string] {
  const outputs: [string, string, string] = [graph.name("quantized"), graph.name("scale"), graph.name("zero")];
  graph.nodeWith("DynamicQuantizeLinear", [input], outputs);
  return outputs;
}

function addDynamicLinear(
  graph: OnnxGraph,
  [input, scale, zero]: readonly string[],
  matrix: FloatTensor,
  name: string,
): string {
  const [rows, columns] = sizesOf(matrix);
  const scales = new Float32Array(rows);
  const values = new Int8Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const source = matrix.values.subarray(row * columns, (row + 1) * columns);
    const largest = source.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    scales[row] = largest / 127;
    for (let column = 0; column < columns; column++)
      values[column * rows + row] = Math.round(source[column]! / scales[row]!);
  }
  const weight = graph.constant(name, [columns, rows], values);
  const weightScale = graph.constant(`${name}.scale`, [rows], scales);
  return graph.node("MatMulIntegerToFloat", [input!, weight, scale!, weightScale, zero!], {}, contributed);
}

/** MatMulNBits: blocks of 64 along the columns, symmetric (codes around 128). */
function addBlockLinear(graph: OnnxGraph, input: string, matrix: FloatTensor, name: string): string {
  const [rows, columns] = sizesOf(matrix);
  const blockSize = 64;
  const scales = new Float32Array((rows * columns) / blockSize);
  const codes = new Uint8Array(rows * columns);
  for (let block = 0; block < scales.length; block++) {
    const source = matrix.values.subarray(block * blockSize, (block + 1) * blockSize);
    scales[block] = source.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127;
    for (let i = 0; i < blockSize; i++) codes[block * blockSize + i] = 128 + Math.round(source[i]! / scales[block]!);
  }
  const weight = graph.constant(name, [rows, columns / blockSize, blockSize], codes);
  const weightScale = graph.constant(`${name}.scale`, [scales.length], scales);
  const sizes = {
    K: { int: columns },
    N: { int: rows },
    bits: { int: 8 },
    block_size: { int: blockSize },
    accuracy_level: { int: 4 },
  };
  return graph.node("MatMulNBits", [input, weight, weightScale], sizes, contributed);
}

function addNorm({ graph, shape, weights }: Build, input: string, name: string): string {
  const { shape: sizes, values } = tensorOf(weights, name);
  const attributes = { axis: { int: -1 }, epsilon: { float: shape.normEpsilon } };
  return graph.node("SimplifiedLayerNormalization", [input, graph.constant(name, sizes, values)], attributes);
}

/** @returns the sum of both inputs, and its norm */
function addSkipNorm(build: Build, residual: string, added: string, name: string): [string, string] {
  const { graph, shape } = build;
  const [sum, normalized] = [graph.name("residual"), graph.name("normalized")];
  const inputs = [added, residual, addTensor(build, name)];
  const epsilon = { epsilon: { float: shape.normEpsilon } };
  graph.nodeWith("SkipSimplifiedLayerNormalization", inputs, [normalized, "", "", sum], epsilon, contributed);
  return [sum, normalized];
}

function addRotaryTables(graph: OnnxGraph, { context, headSize, ropeTheta }: Qwen3Shape): void {
  const half = headSize / 2;
  const angles = Float64Array.from(
    { length: context * half },
    (_, i) => Math.floor(i / half) * ropeTheta ** (-(i % half) / half),
  );
  graph.constant("rotary_cos", [context, half], Float32Array.from(angles, Math.cos));
  graph.constant("rotary_sin", [context, half], Float32Array.from(angles, Math.sin));
}

/** 0, 1, 2, ... as [1, n]. */
function addPositions(graph: OnnxGraph): string {
  const whole = (name: string, value: number, shape: number[]) =>
    graph.constant(name, shape, new BigInt64Array([BigInt(value)]));
  const sizes = graph.node("Shape", ["tokens"]);
  const length = graph.node("Gather", [sizes, whole("one", 1, [])]);
  const range = graph.node("Range", [whole("zero", 0, []), length, whole("step", 1, [])]);
  return graph.node("Unsqueeze", [range, whole("axis_0", 0, [1])]);
}

function reshape(graph: OnnxGraph, input: string, shape: readonly number[]): string {
  return graph.node("Reshape", [
    input,
    graph.constant(`shape_${shape}`, [shape.length], BigInt64Array.from(shape, BigInt)),
  ]);
}

function addTensor({ graph, weights }: Build, name: string): string {
  const { shape, values } = tensorOf(weights, name);
  return graph.constant(name, shape, values);
}

function tensorOf(weights: Weights, name: string): FloatTensor {
  const tensor = weights.get(name);
  if (tensor === undefined) throw new Error(`Expected a tensor ${name} among the weights.`);
  return tensor;
}

function sizesOf({ shape }: FloatTensor): [number, number] {
  return [shape[0]!, shape[1]!];
}

function transpose(matrix: FloatTensor): FloatTensor {
  const [rows, columns] = sizesOf(matrix);
  const values = new Float32Array(rows * columns);
  for (let i = 0; i < values.length; i++) values[(i % columns) * rows + Math.floor(i / columns)] = matrix.values[i]!;
  return { shape: [columns, rows], values };
}

/** The rows of all, one after the other. */
function stack(matrices: readonly FloatTensor[]): FloatTensor {
  const columns = sizesOf(matrices[0]!)[1];
  const values = new Float32Array(matrices.reduce((sum, matrix) => sum + matrix.values.length, 0));
  let offset = 0;
  for (const matrix of matrices) {
    values.set(matrix.values, offset);
    offset += matrix.values.length;
  }
  return { shape: [values.length / columns, columns], values };
}
