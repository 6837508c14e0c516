import { createRequire } from "node:module";

/** What is used of onnx-proto, which only the peers' own project installs. */
interface OnnxProto {
  readonly onnx: { readonly ModelProto: { encode(model: object): { finish(): Uint8Array } } };
}

export type OnnxAttribute = { int: number } | { float: number } | { ints: readonly number[] };

/** Builds an ONNX graph (IR version 8) node by node; values are named by the strings that the calls return. */
export interface OnnxGraph {
  /** A weight or constant; the same name twice is one constant. */
  constant(
    name: string,
    shape: readonly number[],
    values: Float32Array | Int8Array | Uint8Array | BigInt64Array,
  ): string;
  /** A node of one output; `domain` is "" for ONNX's own operators. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes?: Record<string, OnnxAttribute>,
    domain?: string,
  ): string;
  /** A node of several outputs, of which "" leaves one out. */
  nodeWith(
    operator: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes?: Record<string, OnnxAttribute>,
    domain?: string,
  ): void;
  /** A name that no value has yet. */
  name(stem: string): string;
  /** The model's bytes. */
  encode(input: OnnxValue, output: OnnxValue): Uint8Array;
}

/** An input or output of the graph; a string names a size that varies. */
export interface OnnxValue {
  readonly name: string;
  readonly type: "float" | "int64";
  readonly shape: readonly (number | string)[];
}

/** The contributed operators of onnxruntime. */
export const contributed = "com.microsoft";

const elementTypes = { float: 1, uint8: 2, int8: 3, int64: 7 };

export function createOnnxGraph(peers: URL): OnnxGraph {
  const { onnx } = createRequire(peers)("onnx-proto") as OnnxProto;
  const nodes: object[] = [];
  const initializers = new Map<string, object>();
  let count = 0;
  const graph: OnnxGraph = {
    name: (stem) => `${stem}_${count++}`,
    constant(name, shape, values) {
      initializers.set(name, {
        name,
        dims: shape,
        dataType: elementTypeOf(values),
        rawData: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
      });
      return name;
    },
    nodeWith(operator, inputs, outputs, attributes = {}, domain = "") {
      const attribute = Object.entries(attributes).map(([name, value]) => ({ name, ...encodeAttribute(value) }));
      nodes.push({ opType: operator, domain, input: inputs, output: outputs, attribute });
    },
    node(operator, inputs, attributes = {}, domain = "") {
      const output = graph.name(operator);
      graph.nodeWith(operator, inputs, [output], attributes, domain);
      return output;
    },
    encode: (input, output) =>
      onnx.ModelProto.encode({
        irVersion: 8,
        producerName: "brevis-bench",
        opsetImport: [
          { domain: "", version: 17 },
          { domain: contributed, version: 1 },
        ],
        graph: {
          name: "keep",
          node: nodes,
          initializer: [...initializers.values()],
          input: [describeValue(input)],
          output: [describeValue(output)],
        },
      }).finish(),
  };
  return graph;
}

function elementTypeOf(values: Float32Array | Int8Array | Uint8Array | BigInt64Array): number {
  if (values instanceof Float32Array) return elementTypes.float;
  if (values instanceof Int8Array) return elementTypes.int8;
  return values instanceof Uint8Array ? elementTypes.uint8 : elementTypes.int64;
}

/** AttributeProto.AttributeType: FLOAT 1, INT 2, INTS 7. */
function encodeAttribute(value: OnnxAttribute): object {
  if ("float" in value) return { type: 1, f: value.float };
  return "int" in value ? { type: 2, i: value.int } : { type: 7, ints: value.ints };
}

function describeValue({ name, type, shape }: OnnxValue): object {
  const dim = shape.map((size) => (typeof size === "number" ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: elementTypes[type], shape: { dim } } } };
}
